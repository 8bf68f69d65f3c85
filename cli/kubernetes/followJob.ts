import { setTimeout as sleep } from "node:timers/promises";
import type { JobManifest } from "../../jobs/kube/manifestTypes.ts";
import type { ApiClients } from "./apiClients.ts";
import type { ConditionedObject, PodObject } from "./apiObjects.ts";
import { getObjectName, parseMilliseconds } from "./apiObjects.ts";
import { findTrueCondition, hasEnded, hasSucceeded } from "./objectConditions.ts";
import { jobLabel } from "./objectKinds.ts";
import { findUnschedulableCondition, hasNode, isPodQueued, isPodRunning, listContainerStates } from "./podStatus.ts";
import {
  createUnlessPresent,
  deleteFollowedObject,
  listSelectedPods,
  readContainerLog,
  readFollowedObject,
} from "./followedObjects.ts";
import { outlastOutage } from "./outlastOutage.ts";
import type { LinePrinter } from "../terminal/printLine.ts";

const defaultPollMilliseconds = 2000;
/** A user waits for the answer, perhaps of a cluster that is gone. */
const startAttempts = 5;

export interface JobRun {
  readonly clients: ApiClients;
  readonly manifest: JobManifest;
  readonly print: LinePrinter;
  readonly pollMilliseconds?: number;
  /**
   * The longest wait for a node that takes a pod of the Job, which need not exist either; for ever if omitted. It
   * begins when a controller has seen the Job, for which there are six times as long.
   */
  readonly patienceMilliseconds?: number;
}

/** Deletes an ended Job, and waits until it is gone or another call has replaced it. */
async function awaitDeletion(run: JobRun, ended: ConditionedObject): Promise<void> {
  const { clients, manifest, pollMilliseconds = defaultPollMilliseconds } = run;
  await deleteFollowedObject(clients, manifest, ended);
  for (;;) {
    const found = await readFollowedObject(clients, manifest);
    if (found === undefined || found.metadata?.uid !== ended.metadata?.uid) return;
    await sleep(pollMilliseconds);
  }
}

/** Creates the Job, unless it is active already or another call creates it now, and replaces an ended one. */
async function startJob(run: JobRun): Promise<void> {
  const existing = await readFollowedObject(run.clients, run.manifest);
  if (existing !== undefined && !hasEnded("job", existing)) return;
  if (existing !== undefined) await awaitDeletion(run, existing);
  if (!(await createUnlessPresent(run.clients, run.manifest))) await startJob(run);
}

interface JobReading {
  readonly job: ConditionedObject | undefined;
  readonly pods: readonly PodObject[];
}

/** A Job whose pods alone have a queue. */
const suspendedPhase =
  "is suspended, as Kueue does with Jobs without a queue where its manageJobsWithoutQueueName is true; " +
  "its managedJobsNamespaceSelector must leave out this namespace";

function describePhase({ job, pods }: JobReading): string {
  if (pods.some(isPodRunning)) return "runs";
  if (findTrueCondition(job, "Suspended") !== undefined) return suspendedPhase;
  return pods.some(isPodQueued) ? "waits in the queue" : "starts";
}

/** What keeps pods from running, in the words of the cluster. */
function findObstacle({ pods }: JobReading): string | undefined {
  const unscheduled = pods.flatMap((pod) => findUnschedulableCondition(pod)?.message ?? []);
  const waiting = pods.flatMap(listContainerStates).flatMap((state) => state.waiting ?? []);
  return [...unscheduled, ...waiting.flatMap(({ message, reason }) => message ?? reason ?? [])].at(0);
}

function listJobPods({ clients, manifest }: JobRun): Promise<PodObject[]> {
  const { name, namespace = "" } = manifest.metadata;
  return listSelectedPods(clients, { namespace, selector: `${jobLabel}=${name}` });
}

/** Reads the log of the newest pod. */
async function readLog(run: JobRun): Promise<string> {
  const pods = await listJobPods(run);
  const readCreation = ({ metadata }: PodObject): number => parseMilliseconds(metadata?.creationTimestamp) ?? 0;
  const pod = pods.toSorted((a, b) => readCreation(a) - readCreation(b)).at(-1);
  const name = pod === undefined ? undefined : getObjectName(pod);
  if (name === undefined) return "";
  const { metadata, spec } = run.manifest;
  const { namespace = "" } = metadata;
  const container = spec.template.spec?.containers[0]?.name ?? "";
  return (await readContainerLog(run.clients, { namespace, pod: name, container })).trim();
}

async function readJob(run: JobRun): Promise<JobReading> {
  return { job: await readFollowedObject(run.clients, run.manifest), pods: await listJobPods(run) };
}

async function giveUp({ clients, manifest }: JobRun, limit: number, reason: string): Promise<never> {
  await deleteFollowedObject(clients, manifest);
  const seconds = String(limit / 1000);
  throw new Error(
    `Job ${manifest.metadata.name}: no node took its pod for ${seconds} s, so it was deleted; it ${reason}`,
  );
}

/**
 * The time in which a controller must see a Job, in that of a pod for a node. Those of a busy control plane restart
 * when it does not answer them for ten seconds, and do nothing until the lease of the former ones ends.
 */
const unseenFactor = 6;

/** True once a controller has seen the Job: it has started it, also if pods are refused, or is suspended. */
function isSeen({ job, pods }: JobReading): boolean {
  return pods.length > 0 || job?.status?.startTime !== undefined || findTrueCondition(job, "Suspended") !== undefined;
}

interface JobEnd {
  readonly job: ConditionedObject | undefined;
  readonly obstacle: string | undefined;
}

async function awaitEnd(run: JobRun): Promise<JobEnd> {
  const { manifest, print, pollMilliseconds = defaultPollMilliseconds, patienceMilliseconds = Infinity } = run;
  const start = Date.now();
  let [seen, wasAllowed]: [number | undefined, boolean] = [undefined, false];
  let obstacle: string | undefined;
  for (let shown = ""; ; await sleep(pollMilliseconds)) {
    const reading = await outlastOutage(() => readJob(run), { pauseMilliseconds: pollMilliseconds, wasAllowed });
    wasAllowed = true;
    if (reading.job === undefined || hasEnded("job", reading.job)) return { job: reading.job, obstacle };
    const phase = describePhase(reading);
    if (phase !== shown) print(`  ${manifest.metadata.name}: ${phase}`);
    shown = phase;
    obstacle = findObstacle(reading) ?? obstacle;
    if (isSeen(reading)) seen ??= Date.now();
    const limit = seen === undefined ? unseenFactor * patienceMilliseconds : patienceMilliseconds;
    if (Date.now() - (seen ?? start) > limit && !reading.pods.some(hasNode))
      await giveUp(run, limit, obstacle === undefined ? phase : `${phase}: ${obstacle}`);
  }
}

/**
 * Runs a Job to its end and returns its log. The Job continues if this program ends; another call follows it.
 * @throws Error with the end of the log if it failed, or with what kept it from running; or if it was deleted
 */
export async function runJob(run: JobRun): Promise<string> {
  const { pollMilliseconds: pauseMilliseconds = defaultPollMilliseconds } = run;
  await outlastOutage(() => startJob(run), { pauseMilliseconds, attempts: startAttempts });
  const { job, obstacle } = await awaitEnd(run);
  const { name } = run.manifest.metadata;
  if (job === undefined) throw new Error(`Job ${name}: was deleted while it ran; run the command again`);
  const log = await readLog(run);
  if (hasSucceeded("job", job)) return log;
  const silence = `it left no log${obstacle === undefined ? "" : ` (${obstacle})`}`;
  throw new Error(`Job ${name} failed: ${log.split("\n").at(-1) || silence}`);
}
