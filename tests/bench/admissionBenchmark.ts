/**
 * Benchmark of admission: `./mixcpt bench admission`. The pods of trainings, as their TrainJobs make them, are admitted
 * by the real Kueue with this project's queues on nodes that are only objects, beside as many Workloads without pods,
 * which is Kueue's own rate, and beside the creation of pods that nothing queues, which is the bound.
 * MIXCPT_BENCH_CELLS selects other numbers than 36, 360 and 3600.
 */
import { env } from "node:process";
import type { PodSpec } from "kubernetes-types/core/v1.js";
import pMap from "p-map";
import { deviceResource } from "../../jobs/hardware/gpuCatalog.ts";
import { queueLabel } from "../../jobs/kube/objectLabels.ts";
import { buildPriorityLabels, kueueApiVersion, selectTrainingPriority } from "../../jobs/kube/priorities.ts";
import { buildTrainingRuntime, nodeJobName } from "../../jobs/kube/trainingRuntime.ts";
import { waitUntil } from "../support/processes.ts";
import { callSuccessfully } from "../support/callSuccessfully.ts";
import { startQueueCluster } from "../support/queueCluster.ts";
import type { QueueCluster } from "../support/queueCluster.ts";
import { measureWait, printMachine, withProgress } from "./measuring.ts";

const counts = (env["MIXCPT_BENCH_CELLS"] ?? "36,360,3600").split(",").map(Number);
const requestsAtOnce = 32;
const limitSeconds = 1800;
const podsPath = "/api/v1/namespaces/mixcpt/pods";
const unqueuedPodsPath = "/api/v1/namespaces/unqueued/pods";
const workloadsPath = `/apis/${kueueApiVersion}/namespaces/mixcpt/workloads`;

/** The pod of a training that uses one device. */
function buildTrainingPod({ outputs }: QueueCluster): PodSpec {
  const jobs = buildTrainingRuntime(outputs).spec.template.spec.replicatedJobs;
  const spec = jobs.find(({ name }) => name === nodeJobName)?.template.spec.template.spec as PodSpec;
  const containers = spec.containers.map(({ resources, ...container }) => {
    const limits = { ...resources?.limits, [deviceResource]: "1" };
    return { ...container, image: "none", resources: { requests: { ...resources?.requests, ...limits }, limits } };
  });
  return { ...spec, containers, restartPolicy: "Never" };
}

async function countAdmitted({ api }: QueueCluster): Promise<number> {
  const { status } = (await callSuccessfully(api, "GET", `/apis/${kueueApiVersion}/clusterqueues/mixcpt-gpu`)) as {
    status?: { admittedWorkloads?: number };
  };
  return status?.admittedWorkloads ?? 0;
}

async function createAll(cluster: QueueCluster, path: string, objects: readonly object[]): Promise<void> {
  const create = (object: object) => callSuccessfully(cluster.api, "POST", path, object);
  await pMap(objects, create, { concurrency: requestsAtOnce });
}

/** Milliseconds from the first request until Kueue has admitted all. */
function measureAdmission(cluster: QueueCluster, path: string, objects: readonly object[]): Promise<number> {
  const describeProgress = async () => `${String(await countAdmitted(cluster))} of ${String(objects.length)} admitted`;
  const isAdmitted = async () => (await countAdmitted(cluster)) >= objects.length;
  return withProgress(describeProgress, () =>
    measureWait(async () => {
      await createAll(cluster, path, objects);
      await waitUntil(`${String(objects.length)} are admitted`, isAdmitted, limitSeconds);
    }),
  );
}

/** Deletes all objects of a kind. The API server ends a request after a minute, which is too short for thousands. */
async function deleteAll({ api }: QueueCluster, path: string): Promise<void> {
  await waitUntil(
    `${path} is empty`,
    async () => {
      await callSuccessfully(api, "DELETE", `${path}?gracePeriodSeconds=0`).catch(() => undefined);
      const { items } = (await callSuccessfully(api, "GET", `${path}?limit=1`)) as { items: readonly unknown[] };
      return items.length === 0;
    },
    limitSeconds,
  );
}

async function emptyQueue(cluster: QueueCluster, path: string): Promise<void> {
  await deleteAll(cluster, path);
  await waitUntil("the queue is empty", async () => (await countAdmitted(cluster)) === 0, limitSeconds);
}

function buildNames(prefix: string, count: number): { name: string; rank: number }[] {
  return Array.from({ length: count }, (_, rank) => ({ name: `${prefix}-${String(rank)}`, rank }));
}

function buildQueuedPods(cluster: QueueCluster, count: number): object[] {
  const spec = buildTrainingPod(cluster);
  return buildNames("cell", count).map(({ name, rank }) => {
    const priority = buildPriorityLabels(cluster.outputs, selectTrainingPriority(rank, count));
    return { metadata: { name, labels: { [queueLabel]: cluster.outputs.queues.gpu, ...priority } }, spec };
  });
}

function buildWorkloads(cluster: QueueCluster, count: number): object[] {
  const template = { spec: buildTrainingPod(cluster) };
  return buildNames("workload", count).map(({ name }) => ({
    apiVersion: kueueApiVersion,
    kind: "Workload",
    metadata: { name },
    spec: { queueName: cluster.outputs.queues.gpu, podSets: [{ name: "main", count: 1, template }] },
  }));
}

async function measureCreation(cluster: QueueCluster, count: number): Promise<number> {
  const spec = { ...buildTrainingPod(cluster), schedulingGates: [{ name: "example.org/never" }] };
  const pods = buildNames("pod", count).map(({ name }) => ({ metadata: { name }, spec }));
  return measureWait(() => createAll(cluster, unqueuedPodsPath, pods));
}

/** Prints each rate as soon as it is known. */
async function compareRates(cluster: QueueCluster, count: number): Promise<void> {
  const formatRate = (milliseconds: number): string =>
    `${((1000 * count) / milliseconds).toFixed(1)}/s in ${(milliseconds / 1000).toFixed(1)} s`;
  console.log(`admission of ${String(count)} cells`);
  const own = await measureAdmission(cluster, workloadsPath, buildWorkloads(cluster, count));
  console.log(`  Kueue's own rate, without pods: ${formatRate(own)}`);
  await emptyQueue(cluster, workloadsPath);
  const cells = await measureAdmission(cluster, podsPath, buildQueuedPods(cluster, count));
  console.log(`  cells: ${formatRate(cells)} (${(own / cells).toFixed(2)} of Kueue's own rate)`);
  await emptyQueue(cluster, podsPath);
  console.log(`  creating the pods alone: ${formatRate(await measureCreation(cluster, count))}`);
  await deleteAll(cluster, unqueuedPodsPath);
}

printMachine();
const cluster = await startQueueCluster(4, 1000);
const heartbeat = setInterval(() => void cluster.reportReady(cluster.nodeNames).catch(() => undefined), 10_000);
try {
  await callSuccessfully(cluster.api, "POST", "/api/v1/namespaces", { metadata: { name: "unqueued" } });
  // not counted: the first admissions of a new cluster take longer
  await measureAdmission(cluster, workloadsPath, buildWorkloads(cluster, 36));
  await emptyQueue(cluster, workloadsPath);
  for (const count of counts) await compareRates(cluster, count);
} catch (error) {
  console.error(cluster.controllers.readLogTails());
  throw error;
} finally {
  clearInterval(heartbeat);
  await cluster.stop();
}
