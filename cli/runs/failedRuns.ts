import { cellIdAnnotation, stackLabel, stepLabel } from "../../jobs/kube/objectLabels.ts";
import {
  findTrueCondition,
  getObjectLabel,
  getObjectName,
  jobLabel,
  jobSetLabel,
  listJobSetPods,
} from "../kubernetes/apiObjects.ts";
import type { ApiObject, ClusterSnapshot, ConditionedObject, PodObject } from "../kubernetes/apiObjects.ts";
import type { WorkloadFailure } from "../watch/workloadFailure.ts";
import { describeFailure } from "../watch/workloadFailure.ts";

export type RunKind = "job" | "trainjob" | "jobset";

/** An object that a stack submitted and that has failed for good: no controller tries it again. */
export interface FailedRun {
  readonly kind: RunKind;
  readonly name: string;
  /** The paper's name; absent for what several cells share. */
  readonly cell: string | undefined;
  readonly failure: WorkloadFailure;
}

interface SubmittedObject {
  readonly kind: RunKind;
  readonly step: string;
  readonly object: ConditionedObject;
  readonly pods: readonly PodObject[];
}

/** What was submitted, without what controllers made of it: a TrainJob has a JobSet of its name, a JobSet has Jobs. */
function listSubmittedObjects(snapshot: ClusterSnapshot): SubmittedObject[] {
  const { jobs, jobSets, trainJobs, pods } = snapshot;
  const trained = new Set(trainJobs.map(getObjectName));
  const isStandaloneJob = (job: ApiObject): boolean => getObjectLabel(job, jobSetLabel) === undefined;
  return [
    ...trainJobs.map((object) => ({
      kind: "trainjob" as const,
      step: "train",
      object,
      pods: listJobSetPods(snapshot, getObjectName(object)),
    })),
    ...jobSets
      .filter((object) => !trained.has(getObjectName(object)))
      .map((object) => ({
        kind: "jobset" as const,
        step: getStepName(object),
        object,
        pods: listJobSetPods(snapshot, getObjectName(object)),
      })),
    ...jobs
      .filter(isStandaloneJob)
      .map((object) => ({
        kind: "job" as const,
        step: getStepName(object),
        object,
        pods: pods.filter((pod) => getObjectLabel(pod, jobLabel) === getObjectName(object)),
      })),
  ];
}

function getStepName(object: ApiObject): string {
  return getObjectLabel(object, stepLabel) ?? "data";
}

function getCellId({ metadata }: ApiObject): string | undefined {
  return metadata?.annotations?.[cellIdAnnotation];
}

/** What of a stack has failed for good, each with why. */
export function listFailedRuns(
  snapshot: ClusterSnapshot,
  { stack, kubectl }: { stack: string; kubectl: string },
): FailedRun[] {
  const { logs } = snapshot;
  return listSubmittedObjects(snapshot)
    .filter(
      ({ object }) => getObjectLabel(object, stackLabel) === stack && findTrueCondition(object, "Failed") !== undefined,
    )
    .map((run) => ({
      kind: run.kind,
      name: getObjectName(run.object),
      cell: getCellId(run.object),
      failure: describeFailure(run, { logs, kubectl }),
    }));
}

/** @throws Error that names the cells that have not failed, and those that have */
export function selectFailedRuns(failed: readonly FailedRun[], cells: readonly string[]): FailedRun[] {
  if (cells.length === 0) return [...failed];
  const known = new Set(failed.flatMap(({ cell }) => cell ?? []));
  const others = cells.filter((cell) => !known.has(cell));
  if (others.length > 0)
    throw new Error(
      `nothing of ${others.join(", ")} has failed; what has: ${[...known].join(", ") || "no cell"}; retry without a name also submits what is missing`,
    );
  return failed.filter(({ cell }) => cell !== undefined && cells.includes(cell));
}

/**
 * Deletes runs side by side, each whatever becomes of the others.
 * @returns a line for each that could not be deleted
 */
export async function deleteRuns(
  runs: readonly FailedRun[],
  remove: (run: FailedRun) => Promise<void>,
): Promise<string[]> {
  const results = await Promise.allSettled(runs.map(remove));
  return results.flatMap((result, index) => {
    if (result.status === "fulfilled") return [];
    const why = result.reason instanceof Error ? result.reason.message : String(result.reason);
    return [`  ${runs[index]?.cell ?? runs[index]?.name ?? ""}: ${why}`];
  });
}
