/** What `explain` says of a real Kueue with and without its integration of pods. The node is only an object. */
import { jobLabel } from "../../cli/kubernetes/objectKinds.ts";
import { explainWaiting } from "../../cli/watch/waiting/explainWaiting.ts";
import type { WaitingReason } from "../../cli/watch/waiting/waitingReason.ts";
import { deviceResource } from "../../jobs/hardware/gpuCatalog.ts";
import { queueLabel } from "../../jobs/kube/objectLabels.ts";
import { callSuccessfully } from "../support/callSuccessfully.ts";
import { readPrintedSnapshot } from "../support/printedSnapshot.ts";
import { waitUntil } from "../support/processes.ts";
import { startQueueCluster } from "../support/queueCluster.ts";
import type { QueueCluster } from "../support/queueCluster.ts";

// Only paths of programs are read here, and Jest cannot load it.
jest.mock("execa", () => ({}));

const devices = 2;

/** Creates a pod as of a Job, which names a queue and uses all devices of the node. */
async function createPod({ api }: QueueCluster, name: string): Promise<void> {
  const resources = { limits: { [deviceResource]: String(devices) } };
  await callSuccessfully(api, "POST", "/api/v1/namespaces/mixcpt/pods", {
    metadata: { name, labels: { [queueLabel]: "gpu", [jobLabel]: name } },
    spec: { restartPolicy: "Never", containers: [{ name: "main", image: "none", resources }] },
  });
}

function explainPod({ api }: QueueCluster, name: string): WaitingReason | null {
  const { snapshot, error } = readPrintedSnapshot(api.kubeconfig, { run: name, user: {} });
  if (snapshot === undefined) throw new Error(error);
  return explainWaiting({ kind: "job", name }, { ...snapshot, logs: new Map() });
}

/**
 * Creates two pods, for one of which there are devices, and explains until one of them waits for this reason.
 * Kueue refuses a pod before it writes into the queue's status what is in use.
 * @returns the last reasons, at most one of each pod
 */
async function explainPodsUntil(summary: string, queuesPods: boolean): Promise<WaitingReason[]> {
  const cluster = await startQueueCluster(1, devices, { queuesPods });
  const heartbeat = setInterval(() => void cluster.reportReady(cluster.nodeNames).catch(() => undefined), 8000);
  let reasons: WaitingReason[] = [];
  const hasReason = (): boolean => {
    reasons = ["first", "second"].flatMap((name) => explainPod(cluster, name) ?? []);
    return reasons.length === 1 && reasons[0]?.summary === summary;
  };
  try {
    for (const name of ["first", "second"]) await createPod(cluster, name);
    await waitUntil("one pod waits", hasReason, 90).catch(() => undefined);
  } finally {
    clearInterval(heartbeat);
    await cluster.stop();
  }
  return reasons;
}

describe("the reason of a pod that waits", () => {
  it("is a lack of quota with the integration", async () => {
    const summary = "waits for quota: 2 of 2 amd.com/gpu in use";
    expect(await explainPodsUntil(summary, true)).toEqual([expect.objectContaining({ kind: "quota", summary })]);
  });

  it("is that no quota holds a pod back without the integration", async () => {
    const summary = "no quota holds it back: Kueue does not see pods of its queue";
    const object = { kind: "Pod", name: expect.any(String) as string };
    expect(await explainPodsUntil(summary, false)).toEqual([
      expect.objectContaining({ kind: "not queued", summary, object }),
    ]);
  });
});
