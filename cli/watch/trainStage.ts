import { nodeJobName } from "../../jobs/kube/trainingRuntime.ts";
import { findObject, listJobSetPods } from "../kubernetes/apiObjects.ts";
import type { ClusterSnapshot, PodObject } from "../kubernetes/apiObjects.ts";
import { hasFailed, hasSucceeded } from "../kubernetes/objectConditions.ts";
import { isPodFailed, isPodPending, isPodQueued, isPodRunning } from "../kubernetes/podStatus.ts";
import { buildFailedStage, buildStage } from "./cellStage.ts";
import type { Stage } from "./cellStage.ts";
import { estimateSecondsLeft, findPodProgress } from "./logProgress.ts";
import type { WatchedCell } from "./watchedStack.ts";
import type { SnapshotContext } from "./workloadFailure.ts";

function computeRunningStage(pods: readonly PodObject[], snapshot: ClusterSnapshot, attempts: number): Stage {
  const progress = pods.map((pod) => findPodProgress(pod, snapshot)).find((found) => found !== null) ?? null;
  const fraction = progress?.fraction ?? 0;
  const loss = progress?.loss ?? null;
  const details = [
    progress?.text ?? [],
    loss === null ? [] : `loss ${loss.toFixed(2)}`,
    attempts > 1 ? `attempt ${attempts}` : [],
  ];
  return buildStage("train", "train", {
    fraction,
    stepEta: progress?.etaSeconds ?? estimateSecondsLeft(pods, fraction, snapshot),
    detail: details.flat().join(", "),
  });
}

/** The stage of a cell in training; null before the training is submitted or has its data, and once it is done. */
export function computeTrainStage(cell: WatchedCell, context: SnapshotContext): Stage | null {
  const { snapshot } = context;
  const trainJob = findObject(snapshot.trainJobs, cell.trainJob);
  if (trainJob === undefined || hasSucceeded("trainjob", trainJob)) return null;
  if (hasFailed("trainjob", trainJob)) {
    const pods = listJobSetPods(snapshot, cell.trainJob);
    return buildFailedStage({ step: "train", kind: "trainjob", object: trainJob, pods }, context);
  }
  const pods = listJobSetPods(snapshot, cell.trainJob, nodeJobName);
  if (pods.some(isPodQueued)) return buildStage("queued", "train");
  if (pods.some(isPodPending)) return buildStage("starting", "train");
  const running = pods.filter(isPodRunning);
  return running.length > 0 ? computeRunningStage(running, snapshot, pods.filter(isPodFailed).length + 1) : null;
}
