import { isAwaitJob, isBenchmarkJob, publishJobName } from "../../jobs/evaluate/evaluationJobNames.ts";
import { findObject, getObjectLabel, listJobSetJobs, listJobSetPods } from "../kubernetes/apiObjects.ts";
import type { ClusterSnapshot, JobObject, PodObject } from "../kubernetes/apiObjects.ts";
import { hasFailed, hasSucceeded } from "../kubernetes/objectConditions.ts";
import { replicatedJobLabel } from "../kubernetes/objectKinds.ts";
import { isPodFailed, isPodQueued, isPodRunning } from "../kubernetes/podStatus.ts";
import { addWaitingReason, buildFailedStage, buildStage } from "./cellStage.ts";
import type { Stage } from "./cellStage.ts";
import { findAwaitedPaths } from "./dataStage.ts";
import { estimateSecondsLeft, findPodProgress } from "./logProgress.ts";
import type { WatchedBase } from "./watchedStack.ts";
import type { SnapshotContext } from "./workloadFailure.ts";

/** The fraction of a benchmark that is done: its finished shards, and the progress of the running ones. */
function computeBenchmarkFraction(benchmark: JobObject, evaluation: string, snapshot: ClusterSnapshot): number {
  if (hasSucceeded("job", benchmark)) return 1;
  const shards = listJobSetPods(snapshot, evaluation, getObjectLabel(benchmark, replicatedJobLabel));
  const progress = shards.filter(isPodRunning).map((pod) => findPodProgress(pod, snapshot)?.fraction ?? 0);
  const done = progress.reduce((sum, fraction) => sum + fraction, benchmark.status?.succeeded ?? 0);
  return Math.min(1, done / (benchmark.spec?.completions ?? 1));
}

function listEvaluationJobs(
  { evaluation }: WatchedBase,
  snapshot: ClusterSnapshot,
  isWanted: (name: string | undefined) => boolean,
): JobObject[] {
  return listJobSetJobs(snapshot, evaluation).filter((job) => isWanted(getObjectLabel(job, replicatedJobLabel)));
}

/** The pods that wait for the weights and the task files of an evaluation. */
function listAwaitPods(evaluation: string, snapshot: ClusterSnapshot): PodObject[] {
  return listJobSetPods(snapshot, evaluation)
    .filter((pod) => isAwaitJob(getObjectLabel(pod, replicatedJobLabel)))
    .filter((pod) => isPodRunning(pod));
}

function computeBenchmarksStage(
  benchmarks: readonly JobObject[],
  { evaluation }: WatchedBase,
  snapshot: ClusterSnapshot,
): Stage {
  const pods = benchmarks.flatMap((job) =>
    listJobSetPods(snapshot, evaluation, getObjectLabel(job, replicatedJobLabel)),
  );
  const fractions = benchmarks.map((job) => computeBenchmarkFraction(job, evaluation, snapshot));
  const fraction = fractions.reduce((sum, part) => sum + part, 0) / Math.max(1, benchmarks.length);
  const running = pods.filter(isPodRunning);
  if (running.length > 0) {
    const names = new Set(running.flatMap((pod) => getObjectLabel(pod, replicatedJobLabel) ?? []));
    const stepEta = estimateSecondsLeft(running, fraction, snapshot);
    return buildStage("evaluate", "evaluate", { fraction, stepEta, detail: [...names].sort().join(", ") });
  }
  if (pods.some(isPodQueued)) return buildStage("queued", "evaluate", { fraction });
  const awaited = listAwaitPods(evaluation, snapshot).map((pod) => findAwaitedPaths(pod, snapshot));
  const path = awaited.find((paths) => paths !== "");
  if (path !== undefined) return buildStage("waiting for data", "evaluate", { detail: `waiting for ${path}` });
  return buildStage("starting", "evaluate", { fraction });
}

function computeEvaluationStage(cell: WatchedBase, context: SnapshotContext): Stage {
  const { snapshot } = context;
  const jobSet = findObject(snapshot.jobSets, cell.evaluation);
  if (jobSet === undefined) return buildStage("not submitted", "evaluate");
  if (hasSucceeded("jobset", jobSet)) return buildStage("done", "publish", { fraction: 1 });
  if (hasFailed("jobset", jobSet)) {
    const pods = listJobSetPods(snapshot, cell.evaluation);
    return buildFailedStage({ step: "evaluate", kind: "jobset", object: jobSet, pods }, context);
  }
  const publishers = listJobSetPods(snapshot, cell.evaluation, publishJobName);
  if (publishers.some((pod) => !isPodFailed(pod))) return buildStage("publish", "publish");
  const benchmarks = listEvaluationJobs(cell, snapshot, isBenchmarkJob);
  // the Job of a benchmark is created once its files are there
  const jobs = [...listEvaluationJobs(cell, snapshot, isAwaitJob), ...benchmarks];
  // the publisher's pod is created a moment after the last benchmark has ended
  const areBenchmarksDone = benchmarks.length > 0 && jobs.every((job) => hasSucceeded("job", job));
  return areBenchmarksDone ? buildStage("publish", "publish") : computeBenchmarksStage(benchmarks, cell, snapshot);
}

/** The stage of one of a cell's evaluations, with the reason for which it waits. */
function explainEvaluationStage(cell: WatchedBase, context: SnapshotContext): Stage {
  return addWaitingReason(computeEvaluationStage(cell, context), { kind: "jobset", name: cell.evaluation }, context);
}

/**
 * The stage of a cell once its training is done, or of a base model once it is downloaded: that of its score, and once
 * it is published, that of the first evaluation of an earlier checkpoint that is not done. A failed one comes first.
 */
export function computeEvaluateStage(cell: WatchedBase, context: SnapshotContext): Stage {
  const main = explainEvaluationStage(cell, context);
  const earlier = cell.earlierEvaluations.map((evaluation) => explainEvaluationStage({ ...cell, evaluation }, context));
  const open = main.name === "done" ? earlier.find(({ name }) => name !== "done") : undefined;
  return [main, ...earlier].find(({ name }) => name === "failed") ?? open ?? main;
}
