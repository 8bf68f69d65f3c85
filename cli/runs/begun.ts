import { cellIdAnnotation, stackLabel } from "../../jobs/kube/labels.ts";
import { nodeJob } from "../../jobs/kube/trainingRuntime.ts";
import { isRunning } from "../watch/pods.ts";
import { conditionOf, labelOf, named, nameOf, podsOf } from "../watch/snapshot.ts";
import type { Snapshot } from "../watch/snapshot.ts";

/** A training that holds GPUs or did: ending it throws hours away. */
export interface BegunTraining {
  name: string;
  /** The paper's name. */
  cell: string;
}

/** Trainings of a stack that have begun and not ended. One that Kueue took its nodes from has been started again. */
export function begunTrainings(snapshot: Snapshot, stack: string): BegunTraining[] {
  const hasBegun = (name: string): boolean =>
    podsOf(snapshot, name, nodeJob).some(isRunning) || (named(snapshot.jobSets, name)?.status?.restarts ?? 0) > 0;
  return snapshot.trainJobs
    .filter((job) => labelOf(job, stackLabel) === stack && conditionOf(job, "Complete", "Failed") === undefined && hasBegun(nameOf(job)))
    .map((job) => ({ name: nameOf(job), cell: job.metadata?.annotations?.[cellIdAnnotation] ?? nameOf(job) }));
}
