import { isBenchmarkJob, publishJob } from "../../jobs/evaluate/jobNames.ts";
import { failureOf } from "./failure.ts";
import { isFailed, isPending, isQueued, isRunning, obstacle, pace, progressOf } from "./pods.ts";
import { conditionOf, jobSetLabel, labelOf, named, podsOf, replicatedJobLabel, type Job, type Snapshot, type WatchedBase } from "./snapshot.ts";
import { stage, type Stage } from "./stage.ts";


/** How much of a benchmark is done: its finished shards, and what the running ones say. */
const fractionOf = (benchmark: Job, evaluation: string, snapshot: Snapshot): number => {
  const shards = podsOf(snapshot, evaluation, labelOf(benchmark, replicatedJobLabel)).filter(isRunning);
  const partly = shards.reduce((sum, pod) => sum + (progressOf(pod, snapshot)?.fraction ?? 0), 0);
  const done = conditionOf(benchmark, "Complete") ? Infinity : (benchmark.status?.succeeded ?? 0) + partly;
  return Math.min(1, done / (benchmark.spec?.completions ?? 1));
};

const benchmarksOf = ({ evaluation }: WatchedBase, { jobs }: Snapshot): Job[] =>
  jobs.filter((job) => labelOf(job, jobSetLabel) === evaluation && isBenchmarkJob(labelOf(job, replicatedJobLabel)));

const ofBenchmarks = (benchmarks: readonly Job[], cell: WatchedBase, snapshot: Snapshot): Stage => {
  const pods = benchmarks.flatMap((job) => podsOf(snapshot, cell.evaluation, labelOf(job, replicatedJobLabel)));
  const fraction = benchmarks.reduce((sum, job) => sum + fractionOf(job, cell.evaluation, snapshot), 0) / Math.max(1, benchmarks.length);
  const running = pods.filter(isRunning);
  if (running.length > 0) {
    const detail = [...new Set(running.flatMap((pod) => labelOf(pod, replicatedJobLabel) ?? []))].sort().join(", ");
    return stage("evaluate", "evaluate", { fraction, stepEta: pace(running, fraction, snapshot), detail });
  }
  if (pods.some(isQueued)) return stage("queued", "evaluate", { fraction });
  return stage("starting", "evaluate", { fraction, detail: pods.filter(isPending).map(obstacle).find(Boolean) ?? "" });
};

/** The stage of a cell once its training is done, or of a base model once it is there. */
export const evaluateStage = (cell: WatchedBase, snapshot: Snapshot, kubectl: string): Stage => {
  const jobSet = named(snapshot.jobSets, cell.evaluation);
  if (jobSet === undefined) return stage("not submitted", "evaluate");
  if (conditionOf(jobSet, "Completed")) return stage("done", "publish", { fraction: 1 });
  if (conditionOf(jobSet, "Failed")) {
    const failed = { step: "evaluate", kind: "jobset", object: jobSet, pods: podsOf(snapshot, cell.evaluation) } as const;
    return stage("failed", "evaluate", { failure: failureOf(failed, { logs: snapshot.logs, kubectl }) });
  }
  if (podsOf(snapshot, cell.evaluation, publishJob).some((pod) => !isFailed(pod))) return stage("publish", "publish");
  const benchmarks = benchmarksOf(cell, snapshot);
  // The publisher's pod comes a moment after the last benchmark has ended.
  const areAnswered = benchmarks.length > 0 && benchmarks.every((benchmark) => conditionOf(benchmark, "Complete"));
  return areAnswered ? stage("publish", "publish") : ofBenchmarks(benchmarks, cell, snapshot);
};
