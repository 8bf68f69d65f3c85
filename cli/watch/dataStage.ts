import { failureOf } from "./failure.ts";
import { isFailed, isQueued, isRunning, obstacle, pace, progressOf } from "./pods.ts";
import { conditionOf, jobLabel, labelOf, named, type Snapshot } from "./snapshot.ts";
import { stage, type Stage } from "./stage.ts";

/** Where one data, model or benchmark Job is. */
export interface DataJobState extends Stage {
  readonly job: string;
}

const stageOf = (name: string, snapshot: Snapshot, namespace: string): Stage => {
  const job = named(snapshot.jobs, name);
  if (job === undefined) return stage("not submitted", "data");
  const pods = snapshot.pods.filter((pod) => labelOf(pod, jobLabel) === name);
  if (conditionOf(job, "Complete")) return stage("done", "data", { fraction: 1 });
  if (conditionOf(job, "Failed")) {
    return stage("failed", "data", { failure: failureOf({ step: "data", kind: "job", object: job, pods }, { logs: snapshot.logs, namespace }) });
  }
  const running = pods.find(isRunning);
  if (running) {
    const progress = progressOf(running, snapshot);
    const fraction = progress?.fraction ?? 0;
    return stage("data", "data", { fraction, stepEta: progress?.etaSeconds ?? pace([running], fraction, snapshot), detail: progress?.text ?? "" });
  }
  const waiting = pods.filter((pod) => !isFailed(pod));
  return waiting.some(isQueued) ? stage("queued", "data") : stage("starting", "data", { detail: waiting.map(obstacle).find(Boolean) ?? "" });
};

export const dataJobState = (name: string, snapshot: Snapshot, namespace: string): DataJobState => ({ job: name, ...stageOf(name, snapshot, namespace) });

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
