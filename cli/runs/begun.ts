import { cellIdAnnotation, stackLabel } from "../../jobs/kube/labels.ts";
import { nodeJobName } from "../../jobs/kube/trainingRuntime.ts";
import { isPodRunning } from "../watch/pods.ts";
import { findTrueCondition, getObjectLabel, findObject, getObjectName, listJobSetPods } from "../watch/snapshot.ts";
import type { ClusterSnapshot } from "../watch/snapshot.ts";

/** A training that holds GPUs or did: ending it throws hours away. */
export interface ActiveTraining {
  name: string;
  /** The paper's name. */
  cell: string;
}

/** Trainings of a stack that have begun and not ended. One that Kueue took its nodes from has been started again. */
export function listActiveTrainings(snapshot: ClusterSnapshot, stack: string): ActiveTraining[] {
  const hasBegun = (name: string): boolean =>
    listJobSetPods(snapshot, name, nodeJobName).some(isPodRunning) || (findObject(snapshot.jobSets, name)?.status?.restarts ?? 0) > 0;
  return snapshot.trainJobs
    .filter((job) => getObjectLabel(job, stackLabel) === stack && findTrueCondition(job, "Complete", "Failed") === undefined && hasBegun(getObjectName(job)))
    .map((job) => ({ name: getObjectName(job), cell: job.metadata?.annotations?.[cellIdAnnotation] ?? getObjectName(job) }));
}
