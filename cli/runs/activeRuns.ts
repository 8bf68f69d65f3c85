import { awaitJobName } from "../../jobs/kube/awaitJob.ts";
import { cellIdAnnotation, stepLabel } from "../../jobs/kube/objectLabels.ts";
import { nodeJobName } from "../../jobs/kube/trainingRuntime.ts";
import {
  findObject,
  getObjectLabel,
  getObjectName,
  listJobPods,
  listJobSetPods,
  parseMilliseconds,
} from "../kubernetes/apiObjects.ts";
import type { ApiObject, ClusterSnapshot, ConditionedObject, PodObject } from "../kubernetes/apiObjects.ts";
import { hasEnded } from "../kubernetes/objectConditions.ts";
import { jobSetLabel, replicatedJobLabel } from "../kubernetes/objectKinds.ts";
import type { RunKind } from "../kubernetes/objectKinds.ts";
import { findEarliestStart, isPodRunning } from "../kubernetes/podStatus.ts";
import { findPodProgress } from "../watch/logProgress.ts";

/** An object on a cluster that a stack submitted, in contrast to those that controllers made of it. */
export interface LiveRun {
  readonly kind: RunKind;
  readonly name: string;
  /** `data`, `train` or `evaluate`. */
  readonly step: string;
  /** The paper's name of the cell; undefined for an object that several cells share. */
  readonly cell: string | undefined;
}

/** A run that computes now, or a training that has computed and waits for nodes: ending it throws work away. */
export interface ActiveRun extends LiveRun {
  /** Start of the oldest running pod, else the creation of the object, in milliseconds since 1970; null if unknown. */
  readonly since: number | null;
  /** Such as `12/24 steps`; null if no log says it. */
  readonly progress: string | null;
}

/** Pods of these only wait for input: ending them loses nothing. */
function isWaitingPod(pod: PodObject): boolean {
  const job = getObjectLabel(pod, replicatedJobLabel);
  return job === awaitJobName || (job?.startsWith(`${awaitJobName}-`) ?? false);
}

/** True if somebody has deleted the object already and its pods are still ending. */
function isBeingDeleted({ metadata }: ApiObject): boolean {
  return (metadata as { deletionTimestamp?: unknown } | undefined)?.deletionTimestamp !== undefined;
}

interface SubmittedRun extends LiveRun {
  readonly object: ConditionedObject;
  readonly pods: readonly PodObject[];
}

function buildSubmittedRun(kind: RunKind, object: ConditionedObject, pods: readonly PodObject[]): SubmittedRun {
  return {
    kind,
    name: getObjectName(object),
    step: getObjectLabel(object, stepLabel) ?? (kind === "trainjob" ? "train" : "data"),
    cell: object.metadata?.annotations?.[cellIdAnnotation],
    object,
    pods,
  };
}

/** Lists the submitted runs, each with the pods that do its work. */
function listSubmittedRuns(snapshot: ClusterSnapshot): SubmittedRun[] {
  const { jobs, jobSets, trainJobs } = snapshot;
  const trainJobNames = new Set(trainJobs.map(getObjectName));
  const listWorkPods = (name: string) => listJobSetPods(snapshot, name).filter((pod) => !isWaitingPod(pod));
  return [
    ...trainJobs.map((object) =>
      buildSubmittedRun("trainjob", object, listJobSetPods(snapshot, getObjectName(object), nodeJobName)),
    ),
    ...jobSets
      .filter((jobSet) => !trainJobNames.has(getObjectName(jobSet)))
      .map((object) => buildSubmittedRun("jobset", object, listWorkPods(getObjectName(object)))),
    ...jobs
      .filter((job) => getObjectLabel(job, jobSetLabel) === undefined)
      .map((object) => buildSubmittedRun("job", object, listJobPods(snapshot, getObjectName(object)))),
  ];
}

/** Lists every submitted run of a namespace that carries the label of a stack, whichever checkout submitted it. */
export function listLabeledRuns(snapshot: ClusterSnapshot, label: string, value: string): LiveRun[] {
  return listSubmittedRuns(snapshot)
    .filter(({ object }) => getObjectLabel(object, label) === value)
    .map(({ kind, name, step, cell }) => ({ kind, name, step, cell }));
}

/** A training whose nodes Kueue took away has restarts; the work of its checkpoints is not done yet. */
function hasBegun({ kind, name, pods }: SubmittedRun, snapshot: ClusterSnapshot): boolean {
  if (pods.some(isPodRunning)) return true;
  return kind === "trainjob" && (findObject(snapshot.jobSets, name)?.status?.restarts ?? 0) > 0;
}

/** Lists the runs of a namespace that have begun and not ended. */
export function listActiveRuns(snapshot: ClusterSnapshot): ActiveRun[] {
  return listSubmittedRuns(snapshot)
    .filter((run) => !hasEnded(run.kind, run.object) && !isBeingDeleted(run.object) && hasBegun(run, snapshot))
    .map(({ kind, name, step, cell, object, pods }) => {
      const running = pods.filter(isPodRunning);
      return {
        kind,
        name,
        step,
        cell,
        since: findEarliestStart(running) ?? parseMilliseconds(object.metadata?.creationTimestamp),
        progress: running.map((pod) => findPodProgress(pod, snapshot)?.text).find((text) => text !== undefined) ?? null,
      };
    });
}
