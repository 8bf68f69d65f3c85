import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { cellIdAnnotation, stackLabel } from "../../jobs/kube/objectLabels.ts";
import { nodeJobName } from "../../jobs/kube/trainingRuntime.ts";
import {
  findObject,
  findTrueCondition,
  getObjectLabel,
  getObjectName,
  listJobSetPods,
} from "../kubernetes/apiObjects.ts";
import type { ClusterSnapshot } from "../kubernetes/apiObjects.ts";
import { isPodRunning } from "../kubernetes/podStatus.ts";

/** A training that holds GPUs or did: ending it throws hours away. */
export interface ActiveTraining {
  readonly name: string;
  /** The paper's name. */
  readonly cell: string;
}

/** Trainings of a stack that have begun and not ended. One that Kueue took its nodes from has been started again. */
export function listActiveTrainings(snapshot: ClusterSnapshot, stack: string): ActiveTraining[] {
  const hasBegun = (name: string): boolean =>
    listJobSetPods(snapshot, name, nodeJobName).some(isPodRunning) ||
    (findObject(snapshot.jobSets, name)?.status?.restarts ?? 0) > 0;
  return snapshot.trainJobs
    .filter(
      (job) =>
        getObjectLabel(job, stackLabel) === stack &&
        findTrueCondition(job, "Complete", "Failed") === undefined &&
        hasBegun(getObjectName(job)),
    )
    .map((job) => ({
      name: getObjectName(job),
      cell: job.metadata?.annotations?.[cellIdAnnotation] ?? getObjectName(job),
    }));
}

function readResourceName(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

/** Trainings that are in an engine's preview as resources to be deleted: their cells have other inputs now, or are gone. */
export async function findReplacedTrainings(stack: Stack, begun: readonly ActiveTraining[]): Promise<ActiveTraining[]> {
  if (begun.length === 0) return []; // a preview takes as long as an `up` that changes nothing
  const deleted = new Set<string>();
  const recordDeletion = ({ resourcePreEvent }: EngineEvent): void => {
    if (resourcePreEvent?.metadata.op.startsWith("delete") === true)
      deleted.add(readResourceName(resourcePreEvent.metadata.urn));
  };
  await stack.preview({ onEvent: recordDeletion, suppressProgress: true, parallel: 32 });
  return begun.filter(({ name }) => deleted.has(name));
}

/** @throws Error that lists them, with both ways on */
export function refuseReplacement(replaced: readonly ActiveTraining[], stack: string): void {
  if (replaced.length === 0) return;
  const lines = replaced.map(({ cell, name }) => `  ${cell} (${name})`);
  const many =
    replaced.length === 1
      ? "a training that has begun and whose"
      : `${String(replaced.length)} trainings that have begun and whose`;
  throw new Error(
    [
      `up ${stack} would end ${many} inputs are others now:`,
      ...lines,
      `./mixcpt preview ${stack} shows what differs; ./mixcpt up ${stack} --replace-running ends them and begins anew`,
    ].join("\n"),
  );
}
