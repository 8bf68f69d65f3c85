import { isBenchmarkJob, publishJobName } from "../../jobs/evaluate/evaluationJobNames.ts";
import { describeFailure } from "./workloadFailure.ts";
import {
  isPodFailed,
  isPodPending,
  isPodQueued,
  isPodRunning,
  findPodObstacle,
  estimateSecondsLeft,
  findPodProgress,
} from "../kubernetes/podStatus.ts";
import {
  findTrueCondition,
  jobSetLabel,
  getObjectLabel,
  findObject,
  listJobSetPods,
  replicatedJobLabel,
} from "../kubernetes/apiObjects.ts";
import type { JobObject, ClusterSnapshot, WatchedBase } from "../kubernetes/apiObjects.ts";
import { buildStage } from "./cellStage.ts";
import type { Stage } from "./cellStage.ts";

/** How much of a benchmark is done: its finished shards, and what the running ones say. */
function computeBenchmarkFraction(benchmark: JobObject, evaluation: string, snapshot: ClusterSnapshot): number {
  const shards = listJobSetPods(snapshot, evaluation, getObjectLabel(benchmark, replicatedJobLabel)).filter(
    isPodRunning,
  );
  const partly = shards.reduce((sum, pod) => sum + (findPodProgress(pod, snapshot)?.fraction ?? 0), 0);
  const done = findTrueCondition(benchmark, "Complete") ? Infinity : (benchmark.status?.succeeded ?? 0) + partly;
  return Math.min(1, done / (benchmark.spec?.completions ?? 1));
}

function listBenchmarkJobs({ evaluation }: WatchedBase, { jobs }: ClusterSnapshot): JobObject[] {
  return jobs.filter(
    (job) => getObjectLabel(job, jobSetLabel) === evaluation && isBenchmarkJob(getObjectLabel(job, replicatedJobLabel)),
  );
}

function computeBenchmarksStage(benchmarks: readonly JobObject[], cell: WatchedBase, snapshot: ClusterSnapshot): Stage {
  const pods = benchmarks.flatMap((job) =>
    listJobSetPods(snapshot, cell.evaluation, getObjectLabel(job, replicatedJobLabel)),
  );
  const fraction =
    benchmarks.reduce((sum, job) => sum + computeBenchmarkFraction(job, cell.evaluation, snapshot), 0) /
    Math.max(1, benchmarks.length);
  const running = pods.filter(isPodRunning);
  if (running.length > 0) {
    const detail = [...new Set(running.flatMap((pod) => getObjectLabel(pod, replicatedJobLabel) ?? []))]
      .sort()
      .join(", ");
    return buildStage("evaluate", "evaluate", {
      fraction,
      stepEta: estimateSecondsLeft(running, fraction, snapshot),
      detail,
    });
  }
  if (pods.some(isPodQueued)) return buildStage("queued", "evaluate", { fraction });
  return buildStage("starting", "evaluate", {
    fraction,
    detail: pods.filter(isPodPending).map(findPodObstacle).find(Boolean) ?? "",
  });
}

/** The stage of a cell once its training is done, or of a base model once it is there. */
export function computeEvaluateStage(cell: WatchedBase, snapshot: ClusterSnapshot, kubectl: string): Stage {
  const jobSet = findObject(snapshot.jobSets, cell.evaluation);
  if (jobSet === undefined) return buildStage("not submitted", "evaluate");
  if (findTrueCondition(jobSet, "Completed")) return buildStage("done", "publish", { fraction: 1 });
  if (findTrueCondition(jobSet, "Failed")) {
    const failed = {
      step: "evaluate",
      kind: "jobset",
      object: jobSet,
      pods: listJobSetPods(snapshot, cell.evaluation),
    } as const;
    return buildStage("failed", "evaluate", { failure: describeFailure(failed, { logs: snapshot.logs, kubectl }) });
  }
  if (listJobSetPods(snapshot, cell.evaluation, publishJobName).some((pod) => !isPodFailed(pod)))
    return buildStage("publish", "publish");
  const benchmarks = listBenchmarkJobs(cell, snapshot);
  // The publisher's pod comes a moment after the last benchmark has ended.
  const areAnswered =
    benchmarks.length > 0 && benchmarks.every((benchmark) => findTrueCondition(benchmark, "Complete"));
  return areAnswered ? buildStage("publish", "publish") : computeBenchmarksStage(benchmarks, cell, snapshot);
}
