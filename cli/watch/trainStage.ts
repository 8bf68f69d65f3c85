import { nodeJobName } from "../../jobs/kube/trainingRuntime.ts";
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
import { findTrueCondition, findObject, listJobSetPods } from "../kubernetes/apiObjects.ts";
import type { PodObject, ClusterSnapshot, WatchedCell } from "../kubernetes/apiObjects.ts";
import { buildStage } from "./cellStage.ts";
import type { Stage } from "./cellStage.ts";

function computeRunningStage(pods: readonly PodObject[], snapshot: ClusterSnapshot, attempts: number): Stage {
  const progress = pods.map((pod) => findPodProgress(pod, snapshot)).find((one) => one !== null) ?? null;
  const fraction = progress?.fraction ?? 0;
  const loss = progress?.loss ?? null;
  const detail = [
    progress?.text ?? [],
    loss === null ? [] : `loss ${loss.toFixed(2)}`,
    attempts > 1 ? `attempt ${attempts}` : [],
  ]
    .flat()
    .join(", ");
  return buildStage("train", "train", {
    fraction,
    stepEta: progress?.etaSeconds ?? estimateSecondsLeft(pods, fraction, snapshot),
    detail,
  });
}

/** The stage of a cell as far as training goes: null before it is submitted or while its data is awaited, and once it is done. */
export function computeTrainStage(cell: WatchedCell, snapshot: ClusterSnapshot, kubectl: string): Stage | null {
  const trainJob = findObject(snapshot.trainJobs, cell.trainJob);
  if (trainJob === undefined || findTrueCondition(trainJob, "Complete")) return null;
  if (findTrueCondition(trainJob, "Failed")) {
    const failed = {
      step: "train",
      kind: "trainjob",
      object: trainJob,
      pods: listJobSetPods(snapshot, cell.trainJob),
    } as const;
    return buildStage("failed", "train", { failure: describeFailure(failed, { logs: snapshot.logs, kubectl }) });
  }
  const pods = listJobSetPods(snapshot, cell.trainJob, nodeJobName);
  const attempts = pods.filter(isPodFailed).length + 1;
  if (pods.some(isPodQueued)) return buildStage("queued", "train");
  const pending = pods.filter(isPodPending);
  if (pending.length > 0)
    return buildStage("starting", "train", { detail: pending.map(findPodObstacle).find(Boolean) ?? "" });
  return pods.some(isPodRunning) ? computeRunningStage(pods.filter(isPodRunning), snapshot, attempts) : null;
}
