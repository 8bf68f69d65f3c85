import { cellIdAnnotation, stackLabel, stepLabel } from "../../jobs/kube/objectLabels.ts";
import { formatErrorMessage } from "../explainError.ts";
import { getObjectLabel, getObjectName, listJobPods, listJobSetPods } from "../kubernetes/apiObjects.ts";
import type { ApiObject, ClusterSnapshot } from "../kubernetes/apiObjects.ts";
import type { WorkloadReference } from "../kubernetes/deleteWorkload.ts";
import { hasFailed } from "../kubernetes/objectConditions.ts";
import { jobSetLabel } from "../kubernetes/objectKinds.ts";
import { describeFailure } from "../watch/workloadFailure.ts";
import type { SnapshotContext, SubmittedObject, WorkloadFailure } from "../watch/workloadFailure.ts";

/** An object that a stack submitted and that has failed for good: no controller tries it again. */
export interface FailedRun extends WorkloadReference {
  /** The paper's name of the cell; undefined for an object that several cells share. */
  readonly cell: string | undefined;
  readonly failure: WorkloadFailure;
}

function getStepName(object: ApiObject): string {
  return getObjectLabel(object, stepLabel) ?? "data";
}

function getCellId({ metadata }: ApiObject): string | undefined {
  return metadata?.annotations?.[cellIdAnnotation];
}

/** Lists submitted objects without those that controllers made: the JobSet of a TrainJob and the Jobs of a JobSet. */
function listSubmittedObjects(snapshot: ClusterSnapshot): SubmittedObject[] {
  const { jobs, jobSets, trainJobs } = snapshot;
  const trainJobNames = new Set(trainJobs.map(getObjectName));
  const listRunPods = (object: ApiObject) => listJobSetPods(snapshot, getObjectName(object));
  const submittedJobSets = jobSets.filter((jobSet) => !trainJobNames.has(getObjectName(jobSet)));
  const submittedJobs = jobs.filter((job) => getObjectLabel(job, jobSetLabel) === undefined);
  return [
    ...trainJobs.map((object) => ({ kind: "trainjob" as const, step: "train", object, pods: listRunPods(object) })),
    ...submittedJobSets.map((object) => ({
      kind: "jobset" as const,
      step: getStepName(object),
      object,
      pods: listRunPods(object),
    })),
    ...submittedJobs.map((object) => ({
      kind: "job" as const,
      step: getStepName(object),
      object,
      pods: listJobPods(snapshot, getObjectName(object)),
    })),
  ];
}

/** Lists the runs of a stack that have failed for good. */
export function listFailedRuns(stack: string, context: SnapshotContext): FailedRun[] {
  return listSubmittedObjects(context.snapshot)
    .filter(({ kind, object }) => getObjectLabel(object, stackLabel) === stack && hasFailed(kind, object))
    .map((run) => ({
      kind: run.kind,
      name: getObjectName(run.object),
      cell: getCellId(run.object),
      failure: describeFailure(run, context),
    }));
}

/** Divides failed runs into those that the state records and those that another checkout submitted for this stack. */
export function partitionFailedRuns(
  failedRuns: readonly FailedRun[],
  recorded: readonly WorkloadReference[],
): { readonly own: FailedRun[]; readonly foreign: FailedRun[] } {
  const isRecorded = (run: FailedRun): boolean =>
    recorded.some(({ kind, name }) => kind === run.kind && name === run.name);
  return { own: failedRuns.filter(isRecorded), foreign: failedRuns.filter((run) => !isRecorded(run)) };
}

/**
 * Selects the failed runs of the cells, or all of them if no cell is given.
 * @throws Error with the cells that have not failed, and those that have
 */
export function selectFailedRuns(failedRuns: readonly FailedRun[], cells: readonly string[]): FailedRun[] {
  if (cells.length === 0) return [...failedRuns];
  const failedCells = new Set(failedRuns.flatMap(({ cell }) => cell ?? []));
  const unknownCells = cells.filter((cell) => !failedCells.has(cell));
  if (unknownCells.length > 0)
    throw new Error(
      `no failed run of ${unknownCells.join(", ")}; failed cells: ${[...failedCells].join(", ") || "none"}; ` +
        "retry without cell names also submits what is missing",
    );
  return failedRuns.filter(({ cell }) => cell !== undefined && cells.includes(cell));
}

/**
 * Deletes runs in parallel; one that cannot be deleted does not stop the others.
 * @returns a line for each run that could not be deleted
 */
export async function deleteRuns(
  runs: readonly FailedRun[],
  deleteOne: (run: FailedRun) => Promise<void>,
): Promise<string[]> {
  const lines = runs.map(async (run) => {
    try {
      await deleteOne(run);
      return [];
    } catch (error) {
      return [`  ${run.cell ?? run.name}: ${formatErrorMessage(error)}`];
    }
  });
  return (await Promise.all(lines)).flat();
}
