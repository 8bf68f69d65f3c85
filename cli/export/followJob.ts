import { setTimeout as sleep } from "node:timers/promises";
import { exportContainer } from "../../jobs/export/index.ts";
import type { JobManifest } from "../../jobs/kube/manifestTypes.ts";
import type { ApiClients } from "../kubernetes/apiClients.ts";
import type { ConditionedObject, PodObject } from "../kubernetes/apiObjects.ts";
import { getObjectName, parseMilliseconds } from "../kubernetes/apiObjects.ts";
import { hasEnded, hasSucceeded } from "../kubernetes/objectConditions.ts";
import { jobLabel } from "../kubernetes/objectKinds.ts";
import { isPodQueued, isPodRunning } from "../kubernetes/podStatus.ts";
import {
  createFollowedObject,
  deleteFollowedObject,
  listSelectedPods,
  readContainerLog,
  readFollowedObject,
} from "../kubernetes/followedObjects.ts";
import { retryReading } from "../kubernetes/retryReading.ts";
import type { LinePrinter } from "../terminal/printLine.ts";

const defaultPollMilliseconds = 2000;

export interface JobRun {
  readonly clients: ApiClients;
  readonly manifest: JobManifest;
  readonly print: LinePrinter;
  readonly pollMilliseconds?: number;
}

async function awaitDeletion({ clients, manifest, pollMilliseconds = defaultPollMilliseconds }: JobRun): Promise<void> {
  await deleteFollowedObject(clients, manifest);
  while ((await readFollowedObject(clients, manifest)) !== undefined) await sleep(pollMilliseconds);
}

/** Creates the Job, unless it is active already. An ended one of an earlier call is replaced. */
async function startJob(run: JobRun): Promise<void> {
  const existing = await readFollowedObject(run.clients, run.manifest);
  if (existing !== undefined && !hasEnded("job", existing)) return;
  if (existing !== undefined) await awaitDeletion(run);
  await createFollowedObject(run.clients, run.manifest);
}

function describePhase(pods: readonly PodObject[]): string {
  if (pods.some(isPodRunning)) return "runs";
  return pods.some(isPodQueued) ? "waits in the queue" : "starts";
}

function listExportPods({ clients, manifest }: JobRun): Promise<PodObject[]> {
  const { name, namespace = "" } = manifest.metadata;
  return listSelectedPods(clients, { namespace, selector: `${jobLabel}=${name}` });
}

/** Reads the log of the newest pod. */
async function readLog(run: JobRun): Promise<string> {
  const pods = await listExportPods(run);
  const readCreation = ({ metadata }: PodObject): number => parseMilliseconds(metadata?.creationTimestamp) ?? 0;
  const pod = pods.toSorted((a, b) => readCreation(a) - readCreation(b)).at(-1);
  const name = pod === undefined ? undefined : getObjectName(pod);
  if (name === undefined) return "";
  const { namespace = "" } = run.manifest.metadata;
  return (await readContainerLog(run.clients, { namespace, pod: name, container: exportContainer })).trim();
}

interface JobReading {
  readonly job: ConditionedObject | undefined;
  readonly pods: readonly PodObject[];
}

async function readJob(run: JobRun): Promise<JobReading> {
  return { job: await readFollowedObject(run.clients, run.manifest), pods: await listExportPods(run) };
}

async function awaitEnd(run: JobRun): Promise<ConditionedObject | undefined> {
  const { manifest, print, pollMilliseconds = defaultPollMilliseconds } = run;
  for (let shown = ""; ; await sleep(pollMilliseconds)) {
    const { job, pods } = await retryReading(() => readJob(run), { pauseMilliseconds: pollMilliseconds });
    if (job === undefined || hasEnded("job", job)) return job;
    const phase = describePhase(pods);
    if (phase !== shown) print(`  ${manifest.metadata.name}: ${phase}`);
    shown = phase;
  }
}

/**
 * Runs a Job to its end and returns its log. The Job continues if this program ends; another call follows it.
 * @throws Error with the end of the log if it failed, or was deleted
 */
export async function runJob(run: JobRun): Promise<string> {
  await startJob(run);
  const job = await awaitEnd(run);
  const { name } = run.manifest.metadata;
  if (job === undefined) throw new Error(`Job ${name}: was deleted while it ran; export again`);
  const log = await readLog(run);
  if (hasSucceeded("job", job)) return log;
  throw new Error(`Job ${name} failed: ${log.split("\n").at(-1) || "it left no log"}`);
}
