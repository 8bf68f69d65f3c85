import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { cellIdAnnotation, stackLabel } from "../../jobs/kube/objectLabels.ts";
import { nodeJobName } from "../../jobs/kube/trainingRuntime.ts";
import { engineOptions } from "../engine/engineOptions.ts";
import { extractResourceName } from "../engine/updateOutput.ts";
import { findObject, getObjectLabel, getObjectName, listJobSetPods } from "../kubernetes/apiObjects.ts";
import type { ClusterSnapshot } from "../kubernetes/apiObjects.ts";
import { hasEnded } from "../kubernetes/objectConditions.ts";
import { isPodRunning } from "../kubernetes/podStatus.ts";

/** A training that holds GPUs, or has held them: ending it throws hours of work away. */
interface ActiveTraining {
  readonly name: string;
  /** The paper's name of the cell. */
  readonly cell: string;
}

/** Lists the trainings of a stack that have begun and not ended. One whose nodes Kueue took away has restarts. */
export function listActiveTrainings(snapshot: ClusterSnapshot, stack: string): ActiveTraining[] {
  const hasBegun = (name: string): boolean =>
    listJobSetPods(snapshot, name, nodeJobName).some(isPodRunning) ||
    (findObject(snapshot.jobSets, name)?.status?.restarts ?? 0) > 0;
  return snapshot.trainJobs
    .filter(
      (trainJob) =>
        getObjectLabel(trainJob, stackLabel) === stack &&
        !hasEnded("trainjob", trainJob) &&
        hasBegun(getObjectName(trainJob)),
    )
    .map((trainJob) => ({
      name: getObjectName(trainJob),
      cell: trainJob.metadata?.annotations?.[cellIdAnnotation] ?? getObjectName(trainJob),
    }));
}

/**
 * Finds the trainings that an `up` would delete, according to the engine's preview: the inputs of their cells have
 * changed, or their cells no longer exist.
 */
export async function findReplacedTrainings(
  stack: Stack,
  trainings: readonly ActiveTraining[],
): Promise<ActiveTraining[]> {
  if (trainings.length === 0) return []; // a preview takes as long as an `up` that changes nothing
  const deletedNames = new Set<string>();
  const recordDeletion = ({ resourcePreEvent }: EngineEvent): void => {
    if (resourcePreEvent?.metadata.op.startsWith("delete") === true)
      deletedNames.add(extractResourceName(resourcePreEvent.metadata.urn));
  };
  await stack.preview({ ...engineOptions, onEvent: recordDeletion });
  return trainings.filter(({ name }) => deletedNames.has(name));
}

/** @throws Error that lists the trainings, and the commands that show the differences and replace the trainings */
export function refuseReplacement(replaced: readonly ActiveTraining[], stack: string): void {
  if (replaced.length === 0) return;
  const reason =
    replaced.length === 1
      ? "a training that has begun, because its inputs have changed"
      : `${String(replaced.length)} trainings that have begun, because their inputs have changed`;
  throw new Error(
    [
      `up ${stack} would end ${reason}:`,
      ...replaced.map(({ cell, name }) => `  ${cell} (${name})`),
      `./mixcpt preview ${stack} shows the differences; ` +
        `./mixcpt up ${stack} --replace-running ends these trainings and starts them again`,
    ].join("\n"),
  );
}
