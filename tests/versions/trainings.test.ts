/**
 * Two cells on one node, with a Kubernetes, Kueue, JobSet and Trainer that may be others than the pinned ones. The node
 * is only an object: the test stands in for its kubelet, and decides when and how the work on the devices ends.
 */
import { setTimeout as delay } from "node:timers/promises";
import { getObjectName } from "../../cli/kubernetes/apiObjects.ts";
import type { ClusterSnapshot, PodObject } from "../../cli/kubernetes/apiObjects.ts";
import { replicatedJobLabel } from "../../cli/kubernetes/objectKinds.ts";
import { isPodQueued } from "../../cli/kubernetes/podStatus.ts";
import type { CellState } from "../../cli/watch/gridState.ts";
import { computeGridState } from "../../cli/watch/gridState.ts";
import type { WaitingReason } from "../../cli/watch/waiting/waitingReason.ts";
import { isBenchmarkJob } from "../../jobs/evaluate/evaluationJobNames.ts";
import { buildProvisionalExperiment, parseFamilyConfig } from "../../jobs/experiment/index.ts";
import type { CellExperiment } from "../../jobs/experiment/index.ts";
import { callSuccessfully } from "../support/callSuccessfully.ts";
import { completeDeletion, endPod, evictPod, isRunning, listPods, startPod } from "../support/podRunner.ts";
import type { RunnablePod } from "../support/podRunner.ts";
import { readPrintedSnapshot } from "../support/printedSnapshot.ts";
import { startQueueCluster } from "../support/queueCluster.ts";
import type { QueueCluster } from "../support/queueCluster.ts";
import { submittedPaths } from "../support/submittedPaths.ts";
import { readOtherSoftware } from "../support/toolchainPrograms.ts";

// Only paths of programs are read here, and Jest cannot load it.
jest.mock("execa", () => ({}));

jest.setTimeout(300_000);

const limitSeconds = 120;
const values = {
  "mixcpt:family": "tiny",
  "mixcpt:protocol": "miniature",
  "mixcpt:axes": { data: ["Mono", "Bi"], categories: ["Alt"] },
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 },
};

let cluster: QueueCluster;
let first: CellExperiment;
let second: CellExperiment;
let lastHeartbeatMs = 0;

beforeAll(async () => {
  cluster = await startQueueCluster(1, 2);
  const config = parseFamilyConfig({ stack: "versions", file: "Pulumi.versions.yaml", values });
  [first, second] = buildProvisionalExperiment(config, cluster.outputs).cells as [CellExperiment, CellExperiment];
});

afterAll(async () => {
  await cluster?.stop();
});

/** Pods that wait for a file or publish, which end at once. */
function isShort({ metadata }: RunnablePod): boolean {
  return !isBenchmarkJob(metadata.labels?.[replicatedJobLabel]);
}

/** Does what the kubelet of the node would have done since the last call. */
async function advance(): Promise<void> {
  if (Date.now() - lastHeartbeatMs > 8000) {
    lastHeartbeatMs = Date.now();
    await cluster.reportReady(cluster.nodeNames);
  }
  for (const pod of await listPods(cluster.api)) {
    if (pod.metadata.deletionTimestamp !== undefined) await completeDeletion(cluster.api, pod);
    else if (pod.status?.phase === "Pending" && pod.spec.nodeName !== undefined) await startPod(cluster.api, pod);
    else if (isRunning(pod) && isShort(pod)) await endPod(cluster.api, pod, 0);
  }
}

interface WatchedState extends CellState {
  readonly waiting: WaitingReason | null | undefined;
  readonly snapshot: ClusterSnapshot;
}

/** Reads a cell as `watch` and `explain` do. */
function readCell({ cell, train, evaluate }: CellExperiment): WatchedState {
  const { snapshot, reason, error } = readPrintedSnapshot(cluster.api.kubeconfig, {
    run: train.metadata.name,
    user: {},
  });
  if (snapshot === undefined) throw new Error(error);
  const names = { trainJob: train.metadata.name, evaluation: evaluate.metadata.name };
  const watched = { id: cell.id, ...names, earlierEvaluations: [], dataJobs: [] };
  const context = { snapshot: { ...snapshot, logs: new Map<string, string>() }, kubectlPrefix: "kubectl" };
  const [state] = computeGridState({ cells: [watched], bases: [] }, context).cells;
  if (state === undefined) throw new Error("the grid has no cell");
  return { ...state, waiting: reason, snapshot };
}

/** Waits, as the kubelet, until the cell as `watch` shows it is as wanted. */
async function awaitCell(
  cell: CellExperiment,
  isWanted: (state: WatchedState) => boolean | Promise<boolean>,
): Promise<WatchedState> {
  const end = Date.now() + limitSeconds * 1000;
  for (;;) {
    await advance();
    const state = readCell(cell);
    if (await isWanted(state)) return state;
    if (Date.now() > end) {
      const { name, detail, waiting, failure } = state;
      throw new Error(`${JSON.stringify({ name, detail, waiting, failure })}\n${cluster.controllers.readLogTails()}`);
    }
    await delay(250);
  }
}

async function listDevicePods({ train, evaluate }: CellExperiment, step: "train" | "evaluate"): Promise<RunnablePod[]> {
  const { name } = (step === "train" ? train : evaluate).metadata;
  const pods = await listPods(cluster.api);
  return pods.filter((pod) => pod.metadata.name.startsWith(`${name}-`) && isRunning(pod) && !isShort(pod));
}

/** True once Kueue knows of the evaluation's pods that need devices. */
function hasQueuedEvaluation({ evaluate }: CellExperiment, { pods, workloads }: ClusterSnapshot): boolean {
  const queued = pods.filter((pod) => getObjectName(pod).startsWith(evaluate.metadata.name) && isPodQueued(pod));
  const isKnown = (pod: PodObject) =>
    workloads.some((workload) => getObjectName(workload).includes(getObjectName(pod)));
  return queued.length > 0 && queued.every(isKnown);
}

/** Ends the running pods of a cell that have devices. */
async function endWork(cell: CellExperiment, step: "train" | "evaluate", exitCode: number): Promise<void> {
  for (const pod of await listDevicePods(cell, step)) await endPod(cluster.api, pod, exitCode);
}

async function readRestarts({ train }: CellExperiment): Promise<unknown> {
  const { status } = await callSuccessfully(cluster.api, "GET", `${submittedPaths.JobSet}/${train.metadata.name}`);
  const { restarts = 0, restartsCountTowardsMax = 0 } = (status ?? {}) as Readonly<Record<string, number>>;
  return { restarts, restartsCountTowardsMax };
}

describe(readOtherSoftware()?.title ?? "the pinned Kubernetes, Kueue, JobSet and Trainer", () => {
  it("answers with the version of Kubernetes that the table names", async () => {
    const { gitVersion } = await callSuccessfully(cluster.api, "GET", "/version");
    expect(gitVersion).toBe(readOtherSoftware()?.kubernetes ?? gitVersion);
  });

  it("makes a JobSet, jobs and a pod on the node of a TrainJob, which watch shows as training", async () => {
    await callSuccessfully(cluster.api, "POST", submittedPaths.TrainJob, first.train);
    const { snapshot } = await awaitCell(first, ({ name }) => name === "train");
    expect(snapshot.unread).toEqual([]);
  });

  it("keeps the next training back by quota, as explain says", async () => {
    await callSuccessfully(cluster.api, "POST", submittedPaths.TrainJob, second.train);
    const { name } = await awaitCell(
      second,
      ({ waiting }) => waiting?.summary === "waits for quota: 2 of 2 amd.com/gpu in use",
    );
    expect(name).toBe("queued");
  });

  it("admits the evaluation of a finished training before a training that waits longer", async () => {
    await callSuccessfully(cluster.api, "POST", submittedPaths.JobSet, first.evaluate);
    await awaitCell(first, ({ snapshot }) => hasQueuedEvaluation(first, snapshot));
    await endWork(first, "train", 0);
    await awaitCell(first, ({ name }) => name === "evaluate");
    expect(await listDevicePods(first, "evaluate")).not.toEqual([]);
    expect(readCell(second)).toMatchObject({ name: "queued" });
  });

  it("is done with a cell once its evaluation is, and trains the next", async () => {
    await awaitCell(first, async ({ name }) => {
      await endWork(first, "evaluate", 0);
      return name === "done";
    });
    await awaitCell(second, ({ name }) => name === "train");
  });

  it("restarts an evicted training without counting it, and a crashed one with", async () => {
    const [pod] = await listDevicePods(second, "train");
    expect(await evictPod(cluster.api, pod as RunnablePod)).toBe(true);
    await awaitCell(second, ({ name }) => name !== "train");
    await awaitCell(second, ({ name }) => name === "train");
    expect(await readRestarts(second)).toEqual({ restarts: 1, restartsCountTowardsMax: 0 });
    await endWork(second, "train", 1);
    await awaitCell(second, ({ name }) => name !== "train");
    await awaitCell(second, ({ name }) => name === "train");
    expect(await readRestarts(second)).toEqual({ restarts: 2, restartsCountTowardsMax: 1 });
  });

  it("fails a training with wrong input for good, which watch shows with its exit code", async () => {
    await endWork(second, "train", 2);
    const { failure } = await awaitCell(second, ({ name }) => name === "failed");
    expect(failure).toMatchObject({ step: "train", exitCode: 2 });
  });
});
