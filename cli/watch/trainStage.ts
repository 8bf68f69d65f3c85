import { nodeJob } from "../../jobs/kube/trainingRuntime.ts";
import { failureOf } from "./failure.ts";
import { isFailed, isPending, isQueued, isRunning, obstacle, pace, progressOf } from "./pods.ts";
import { conditionOf, named, podsOf, type Pod, type Snapshot, type WatchedCell } from "./snapshot.ts";
import { stage, type Stage } from "./stage.ts";

const running = (pods: readonly Pod[], snapshot: Snapshot, attempts: number): Stage => {
  const progress = pods.map((pod) => progressOf(pod, snapshot)).find((one) => one !== null) ?? null;
  const fraction = progress?.fraction ?? 0;
  const loss = progress?.loss ?? null;
  const detail = [progress?.text ?? [], loss === null ? [] : `loss ${loss.toFixed(2)}`, attempts > 1 ? `attempt ${attempts}` : []].flat().join(", ");
  return stage("train", "train", { fraction, stepEta: progress?.etaSeconds ?? pace(pods, fraction, snapshot), detail });
};

/** The stage of a cell as far as training goes: null before it is submitted or while its data is awaited, and once it is done. */
export const trainStage = (cell: WatchedCell, snapshot: Snapshot, kubectl: string): Stage | null => {
  const trainJob = named(snapshot.trainJobs, cell.trainJob);
  if (trainJob === undefined || conditionOf(trainJob, "Complete")) return null;
  if (conditionOf(trainJob, "Failed")) {
    const failed = { step: "train", kind: "trainjob", object: trainJob, pods: podsOf(snapshot, cell.trainJob) } as const;
    return stage("failed", "train", { failure: failureOf(failed, { logs: snapshot.logs, kubectl }) });
  }
  const pods = podsOf(snapshot, cell.trainJob, nodeJob);
  const attempts = pods.filter(isFailed).length + 1;
  if (pods.some(isQueued)) return stage("queued", "train");
  const pending = pods.filter(isPending);
  if (pending.length > 0) return stage("starting", "train", { detail: pending.map(obstacle).find(Boolean) ?? "" });
  return pods.some(isRunning) ? running(pods.filter(isRunning), snapshot, attempts) : null;
};
