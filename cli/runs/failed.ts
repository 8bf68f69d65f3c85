import { cellIdAnnotation, stackLabel, stepLabel } from "../../jobs/kube/labels.ts";
import type { Failure } from "../watch/failure.ts";
import { failureOf } from "../watch/failure.ts";
import { conditionOf, jobLabel, jobSetLabel, labelOf, nameOf, podsOf } from "../watch/snapshot.ts";
import type { ApiObject, Conditioned, Pod, Snapshot } from "../watch/snapshot.ts";

export type RunKind = "job" | "trainjob" | "jobset";

/** An object that a stack submitted and that has failed for good: no controller tries it again. */
export interface FailedRun {
  kind: RunKind;
  name: string;
  /** The paper's name; absent for what several cells share. */
  cell: string | undefined;
  failure: Failure;
}

interface Submitted {
  kind: RunKind;
  step: string;
  object: Conditioned;
  pods: readonly Pod[];
}

/** What was submitted, without what controllers made of it: a TrainJob has a JobSet of its name, a JobSet has Jobs. */
function submitted(snapshot: Snapshot): Submitted[] {
  const { jobs, jobSets, trainJobs, pods } = snapshot;
  const trained = new Set(trainJobs.map(nameOf));
  const own = (job: ApiObject): boolean => labelOf(job, jobSetLabel) === undefined;
  return [
    ...trainJobs.map((object) => ({ kind: "trainjob" as const, step: "train", object, pods: podsOf(snapshot, nameOf(object)) })),
    ...jobSets.filter((object) => !trained.has(nameOf(object))).map((object) => ({ kind: "jobset" as const, step: stepOf(object), object, pods: podsOf(snapshot, nameOf(object)) })),
    ...jobs.filter(own).map((object) => ({ kind: "job" as const, step: stepOf(object), object, pods: pods.filter((pod) => labelOf(pod, jobLabel) === nameOf(object)) })),
  ];
}

const stepOf = (object: ApiObject): string => labelOf(object, stepLabel) ?? "data";

const cellOf = ({ metadata }: ApiObject): string | undefined => metadata?.annotations?.[cellIdAnnotation];

/** What of a stack has failed for good, each with why. */
export function failedRuns(snapshot: Snapshot, { stack, kubectl }: { stack: string; kubectl: string }): FailedRun[] {
  const { logs } = snapshot;
  return submitted(snapshot)
    .filter(({ object }) => labelOf(object, stackLabel) === stack && conditionOf(object, "Failed") !== undefined)
    .map((run) => ({ kind: run.kind, name: nameOf(run.object), cell: cellOf(run.object), failure: failureOf(run, { logs, kubectl }) }));
}

/** @throws Error that names the cells that have not failed, and those that have */
export function chosen(failed: readonly FailedRun[], cells: readonly string[]): FailedRun[] {
  if (cells.length === 0) return [...failed];
  const known = new Set(failed.flatMap(({ cell }) => cell ?? []));
  const others = cells.filter((cell) => !known.has(cell));
  if (others.length > 0) throw new Error(`nothing of ${others.join(", ")} has failed; what has: ${[...known].join(", ") || "no cell"}; retry without a name also submits what is missing`);
  return failed.filter(({ cell }) => cell !== undefined && cells.includes(cell));
}
