/**
 * A real API server with the real controller of Jobs. No kubelet runs: the test writes the status of the pods.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import type { JobSetManifest } from "../../jobs/kube/manifestTypes.ts";
import { getRenderedManifests } from "../render/renderedManifests.ts";
import { startApiServer } from "../support/apiServer.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { pollUntilDefined } from "../support/poll.ts";

interface PodOfIndex {
  readonly metadata: {
    readonly name: string;
    readonly annotations: Readonly<Record<string, string>>;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly status: { readonly phase: string };
}

const jobPath = "/apis/batch/v1/namespaces/default/jobs";
const podPath = "/api/v1/namespaces/default/pods";

let api: ApiServer;

beforeAll(async () => {
  api = await startApiServer();
  api.startControllers();
});

afterAll(async () => {
  await api.stop();
});

function findBenchmarkJob() {
  const evaluation = getRenderedManifests("dev").find(({ metadata }) => metadata.name.startsWith("eval-tiny-base-"));
  const job = (evaluation as JobSetManifest | undefined)?.spec.replicatedJobs.find(({ name }) => name === "sib200");
  if (job === undefined) throw new Error("dev has no evaluation of a base model with the job sib200");
  return job.template.spec;
}

async function waitForPendingPod(): Promise<PodOfIndex> {
  return pollUntilDefined("the next pod", { seconds: 240, intervalMs: 200 }, async () => {
    const { body } = await api.call("GET", podPath);
    return (body["items"] as PodOfIndex[] | undefined)?.find(({ status }) => status.phase === "Pending");
  });
}

async function endPod({ metadata: { name } }: PodOfIndex, exitCode: number): Promise<void> {
  const containerStatuses = [
    { name: "evaluate", image: "i", imageID: "", ready: false, restartCount: 0, state: { terminated: { exitCode } } },
  ];
  await api.call("PATCH", `${podPath}/${name}/status`, { status: { phase: "Failed", containerStatuses } });
}

it("the pod that replaces a failed one of a benchmark is told its Job and the number of failures, and exit code 2 ends the Job", async () => {
  const counter = "batch.kubernetes.io/job-index-failure-count";
  const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "sib200" }, spec: findBenchmarkJob() };
  const { status, body } = await api.call("POST", jobPath, job);
  expect(status).toBe(201);
  const first = await waitForPendingPod();
  expect(first.metadata.labels["batch.kubernetes.io/controller-uid"]).toBe((body["metadata"] as { uid: string }).uid);
  expect(first.metadata.annotations[counter]).toBe("0");
  await endPod(first, 1);
  const second = await waitForPendingPod();
  expect(second.metadata.annotations[counter]).toBe("1");
  await endPod(second, 2);
  const reason = await pollUntilDefined("the end of the Job", { seconds: 240, intervalMs: 200 }, async () => {
    const { body } = await api.call("GET", `${jobPath}/sib200`);
    const { conditions = [] } = body["status"] as { conditions?: { type: string; reason: string }[] };
    return conditions.find(({ type }) => type === "Failed")?.reason;
  });
  expect(reason).toBe("PodFailurePolicy");
});
