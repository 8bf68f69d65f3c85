/**
 * A cluster whose file requires preflight, with the real Kueue and scheduler. Its nodes are objects; the test reports
 * that they are alive.
 */
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { PodTemplateSpec } from "kubernetes-types/core/v1.js";
import { deviceResource } from "../../jobs/hardware/gpuCatalog.ts";
import { queueLabel } from "../../jobs/kube/objectLabels.ts";
import { buildTrainingRuntime, nodeJobName } from "../../jobs/kube/trainingRuntime.ts";
import { buildNodeJob } from "../../jobs/preflight/index.ts";
import { buildChildEnvironment, checkoutDirectory } from "../../workspace/environment.ts";
import { callSuccessfully } from "../support/callSuccessfully.ts";
import { waitUntil } from "../support/processes.ts";
import { startQueueCluster } from "../support/queueCluster.ts";
import type { QueueCluster } from "../support/queueCluster.ts";

// Only paths of programs are read here, and Jest cannot load it.
jest.mock("execa", () => ({}));

const podsPath = "/api/v1/namespaces/mixcpt/pods";
const workloadsPath = "/apis/kueue.x-k8s.io/v1beta2/namespaces/mixcpt/workloads";
const limitSeconds = 60;

let cluster: QueueCluster;
let heartbeat: NodeJS.Timeout;

beforeAll(async () => {
  cluster = await startQueueCluster(2, 2, { requiresPreflight: true });
  heartbeat = setInterval(() => void cluster.reportReady(cluster.nodeNames).catch(() => undefined), 8000);
});

afterAll(async () => {
  clearInterval(heartbeat);
  await cluster?.stop();
});

/** Runs a script with the vendor's client, which jest cannot load, and returns the lines that it prints. */
async function runScript(script: string): Promise<string[]> {
  const importFrom = (names: string, file: string): string =>
    `import { ${names} } from "${pathToFileURL(resolve(checkoutDirectory, file)).href}";\n`;
  const imports =
    importFrom("createApiClients", "cli/kubernetes/apiClients.ts") +
    importFrom("markNode", "cli/kubernetes/preflightClient.ts") +
    importFrom("closeChangedNodes", "cli/preflight/closedNodes.ts") +
    importFrom("parseClusterConfig", "infra/clusterConfig.ts") +
    `const kubeconfig = process.env.KUBECONFIG_TEXT;
    const clients = createApiClients(kubeconfig);
    const emulated = { gpu: "MI250X", devicesPerNode: 2 };
    const preflight = { required: true };
    const config = parseClusterConfig({ kind: "local", hosts: 2, emulated, preflight }, "f");\n`;
  const args = ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", imports + script];
  const env = buildChildEnvironment({ KUBECONFIG_TEXT: cluster.api.kubeconfig });
  return (await promisify(execFile)(process.execPath, args, { env, timeout: 60_000 })).stdout.trimEnd().split("\n");
}

async function markNode(name: string, mark: string): Promise<void> {
  await runScript(`await markNode(clients, "${name}", { namespace: "mixcpt", mark: "${mark}" });`);
}

/** Runs what `cluster up` does at its end, and returns the lines that it prints. */
function closeChangedNodes(): Promise<string[]> {
  return runScript('await closeChangedNodes("lab", { config, kubeconfig, print: console.log });');
}

/** Creates a pod whose containers ask for all devices of a node and run an image that exists nowhere. */
async function createPod(name: string, { metadata, spec }: PodTemplateSpec): Promise<void> {
  const useNode = <Container extends { resources?: object }>(container: Container): Container => {
    const limits = { memory: "1Gi", [deviceResource]: "2" };
    return { ...container, image: "none", resources: { requests: { cpu: "1", ...limits }, limits } };
  };
  const pod = {
    metadata: { ...metadata, name, labels: { [queueLabel]: "gpu", ...metadata?.labels } },
    spec: {
      ...spec,
      restartPolicy: "Never",
      containers: spec?.containers.map(useNode),
      ...(spec?.initContainers && { initContainers: spec.initContainers.map(useNode) }),
    },
  };
  await callSuccessfully(cluster.api, "POST", podsPath, pod);
}

async function createTraining(name: string): Promise<void> {
  const jobs = buildTrainingRuntime(cluster.outputs).spec.template.spec.replicatedJobs;
  const template = jobs.find((job) => job.name === nodeJobName)?.template.spec.template;
  await createPod(name, template as PodTemplateSpec);
}

async function findNode(pod: string): Promise<string | undefined> {
  const { spec } = (await callSuccessfully(cluster.api, "GET", `${podsPath}/${pod}`)) as {
    spec: { nodeName?: string };
  };
  return spec.nodeName;
}

function awaitPlacement(pod: string, node: string): Promise<void> {
  return waitUntil(`${pod} is on ${node}`, async () => (await findNode(pod)) === node, limitSeconds);
}

/** The messages with which Kueue holds back work. */
async function listPendingMessages(): Promise<string[]> {
  const { items } = (await callSuccessfully(cluster.api, "GET", workloadsPath)) as {
    items: { status?: { conditions?: { type: string; status: string; message: string }[] } }[];
  };
  return items.flatMap(({ status }) =>
    (status?.conditions ?? [])
      .filter((condition) => condition.type === "QuotaReserved" && condition.status === "False")
      .map(({ message }) => message),
  );
}

/** Kueue 0.15 does not count what excludes nodes. */
async function isHeldBack(): Promise<boolean> {
  return (await listPendingMessages()).some((message) => /excluded: .*affinity|fit any of 1 pod\(s\)$/.test(message));
}

async function patchMachine(name: string, machineID: string): Promise<void> {
  const { status } = (await callSuccessfully(cluster.api, "GET", `/api/v1/nodes/${name}`)) as {
    status: { nodeInfo: object };
  };
  const nodeInfo = { ...status.nodeInfo, machineID };
  await callSuccessfully(cluster.api, "PATCH", `/api/v1/nodes/${name}/status`, { status: { nodeInfo } });
}

describe("a cluster whose file requires preflight", () => {
  it("holds back a training while no node has passed, and says which nodes wait", async () => {
    await createTraining("first");
    await waitUntil("Kueue holds the training back", isHeldBack, limitSeconds);
    expect(await closeChangedNodes()).toEqual([
      "  warning: no training or evaluation before preflight passes on node-1, node-2: not tested yet; " +
        "test: ./mixcpt preflight lab --nodes node-1,node-2",
    ]);
    expect(await findNode("first")).toBeUndefined();
  });

  it("lets the pod of preflight reach a node that has not passed", async () => {
    const context = { cluster: cluster.outputs, id: "x1", store: { checkpointBytes: 1, assumedMBs: 1 } };
    await createPod("test-node-2", buildNodeJob(context, "node-2", 0).spec.template);
    await awaitPlacement("test-node-2", "node-2");
    await callSuccessfully(cluster.api, "DELETE", `${podsPath}/test-node-2?gracePeriodSeconds=0`);
  });

  it("admits the training as soon as a node has passed, and the next one on no other node", async () => {
    await markNode("node-1", "passed");
    await awaitPlacement("first", "node-1");
    await createTraining("second");
    await waitUntil("Kueue holds the next training back", isHeldBack, limitSeconds);
    expect(await findNode("second")).toBeUndefined();
    await markNode("node-2", "passed");
    await awaitPlacement("second", "node-2");
  });

  it("closes a node that became another machine, and ends nothing that runs there", async () => {
    await patchMachine("node-1", "before");
    await markNode("node-1", "passed");
    expect(await closeChangedNodes()).toEqual([""]);
    await patchMachine("node-1", "after");
    expect((await closeChangedNodes()).join()).toContain("node-1: another machine or other devices since they passed");
    const { metadata } = (await callSuccessfully(cluster.api, "GET", "/api/v1/nodes/node-1")) as {
      metadata: { labels: Record<string, string>; annotations: Record<string, string> };
    };
    expect(metadata.labels["preflight.mixcpt.io/mixcpt"]).toBe("changed");
    expect(Object.keys(metadata.annotations)).not.toContain("preflight.mixcpt.io/mixcpt");
    expect(await findNode("first")).toBe("node-1");
    await callSuccessfully(cluster.api, "DELETE", `${podsPath}/first?gracePeriodSeconds=0`);
    await createTraining("third");
    await waitUntil("Kueue holds the training back", isHeldBack, limitSeconds);
    expect(await findNode("third")).toBeUndefined();
  });
});
