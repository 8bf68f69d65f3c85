import { awaitJobName } from "../../jobs/kube/await.ts";
import { failureOf } from "./failure.ts";
import { isFailed, isQueued, isRunning, obstacle, pace, progressOf } from "./pods.ts";
import { lastLine } from "./progress.ts";
import { conditionOf, jobLabel, labelOf, nameOf, named, podsOf, replicatedJobLabel, type Conditioned, type Job, type Pod, type Snapshot } from "./snapshot.ts";
import { stage, type Stage } from "./stage.ts";

/** Where a Job or JobSet is that makes data, a model or benchmarks. */
export interface DataJobState extends Stage {
  /** Name of the object. */
  readonly job: string;
}

const done = stage("done", "data", { fraction: 1 });

/** The stage of the pods that do the work, some of which may have failed before. */
const ofWork = (pods: readonly Pod[], snapshot: Snapshot): Stage => {
  const running = pods.find(isRunning);
  if (running) {
    const progress = progressOf(running, snapshot);
    const fraction = progress?.fraction ?? 0;
    return stage("data", "data", { fraction, stepEta: progress?.etaSeconds ?? pace([running], fraction, snapshot), detail: progress?.text ?? "" });
  }
  const waiting = pods.filter((pod) => !isFailed(pod));
  return waiting.some(isQueued) ? stage("queued", "data") : stage("starting", "data", { detail: waiting.map(obstacle).find(Boolean) ?? "" });
};

const ofJob = (job: Job, snapshot: Snapshot, kubectl: string): Stage => {
  const pods = snapshot.pods.filter((pod) => labelOf(pod, jobLabel) === nameOf(job));
  if (conditionOf(job, "Complete")) return done;
  if (!conditionOf(job, "Failed")) return ofWork(pods, snapshot);
  return stage("failed", "data", { failure: failureOf({ step: "data", kind: "job", object: job, pods }, { logs: snapshot.logs, kubectl }) });
};

/** The paths that a pod waits for, as `mixcpt-await` names them. */
const awaited = (pod: Pod, { logs }: Snapshot): string => /^waiting for (.+?) *\(\d+ s so far\)$/.exec(lastLine(logs.get(nameOf(pod))) ?? "")?.[1] ?? "";

/** A JobSet waits for what its work is made from; its work has no pods before that. */
const ofJobSet = (jobSet: Conditioned, snapshot: Snapshot, kubectl: string): Stage => {
  const pods = podsOf(snapshot, nameOf(jobSet));
  if (conditionOf(jobSet, "Completed")) return done;
  if (conditionOf(jobSet, "Failed")) {
    return stage("failed", "data", { failure: failureOf({ step: "data", kind: "jobset", object: jobSet, pods }, { logs: snapshot.logs, kubectl }) });
  }
  const { waiting = [], working = [] } = Object.groupBy(pods, (pod) => (labelOf(pod, replicatedJobLabel) === awaitJobName ? "waiting" : "working"));
  if (working.length > 0) return ofWork(working, snapshot);
  const open = waiting.filter((pod) => !isFailed(pod));
  return stage("waiting for data", "data", { detail: open.map((pod) => obstacle(pod) || awaited(pod, snapshot)).find(Boolean) ?? "" });
};

const stageOf = (name: string, snapshot: Snapshot, kubectl: string): Stage => {
  const jobSet = named(snapshot.jobSets, name);
  if (jobSet !== undefined) return ofJobSet(jobSet, snapshot, kubectl);
  const job = named(snapshot.jobs, name);
  return job === undefined ? stage("not submitted", "data") : ofJob(job, snapshot, kubectl);
};

export const dataJobState = (name: string, snapshot: Snapshot, kubectl: string): DataJobState => ({ job: name, ...stageOf(name, snapshot, kubectl) });

/** The stage of a cell as far as its data goes; null once all of it is there. */
export const dataStage = (jobs: readonly DataJobState[]): Stage | null => {
  const open = jobs.filter(({ name }) => name !== "done");
  if (open.length === 0) return null;
  const fraction = jobs.reduce((sum, job) => sum + job.fraction, 0) / jobs.length;
  const failed = open.find(({ name }) => name === "failed");
  if (failed) return stage("failed", "data", { fraction, failure: failed.failure });
  const running = open.find(({ name }) => name === "data");
  return running
    ? stage("data", "data", { fraction, detail: running.detail })
    : stage("waiting for data", "data", { fraction, detail: open.find(({ detail }) => detail !== "")?.detail ?? "" });
};
