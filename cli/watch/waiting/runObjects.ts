import {
  findObject,
  getObjectLabel,
  getObjectName,
  listJobPods,
  listJobSetJobs,
  listJobSetPods,
  parseMilliseconds,
} from "../../kubernetes/apiObjects.ts";
import type {
  ApiObject,
  ClusterSnapshot,
  ConditionedObject,
  JobObject,
  PodObject,
  TrainJobObject,
  WorkloadObject,
} from "../../kubernetes/apiObjects.ts";
import { hasEnded } from "../../kubernetes/objectConditions.ts";
import { createIndex } from "../../kubernetes/objectIndex.ts";
import { jobLabel, jobSetLabel, replicatedJobLabel } from "../../kubernetes/objectKinds.ts";
import type { RunKind } from "../../kubernetes/objectKinds.ts";
import { isPodFailed, isPodPending, isPodRunning } from "../../kubernetes/podStatus.ts";
import { listPodWorkloads } from "../../kubernetes/workloadConditions.ts";

/** A submitted object: a Job, JobSet or TrainJob. */
export interface RunReference {
  readonly kind: RunKind;
  readonly name: string;
}

/** A submitted object, and what controllers have made of it so far. */
export interface RunObjects {
  readonly trainJob: TrainJobObject | undefined;
  readonly jobSet: ConditionedObject | undefined;
  readonly jobs: readonly JobObject[];
  readonly pods: readonly PodObject[];
  /** Kueue's Workloads of the pods and of the objects above. */
  readonly workloads: readonly WorkloadObject[];
}

/** Finds the Workloads of a TrainJob, JobSet or Job by its name. */
const findOwnedWorkloads = createIndex<WorkloadObject>(({ metadata }) =>
  (metadata?.ownerReferences ?? []).filter(({ kind }) => /^(TrainJob|JobSet|Job)$/.test(kind)).map(({ name }) => name),
);

function listRunJobs({ kind, name }: RunReference, snapshot: ClusterSnapshot): readonly JobObject[] {
  return kind === "job" ? [findObject(snapshot.jobs, name) ?? []].flat() : listJobSetJobs(snapshot, name);
}

/** Collects the objects of a run; those that do not exist are missing. */
export function collectRunObjects(run: RunReference, snapshot: ClusterSnapshot): RunObjects {
  const { kind, name } = run;
  const pods = kind === "job" ? listJobPods(snapshot, name) : listJobSetPods(snapshot, name);
  const ownedWorkloads = findOwnedWorkloads(snapshot.workloads, name);
  return {
    trainJob: kind === "trainjob" ? findObject(snapshot.trainJobs, name) : undefined,
    jobSet: kind === "job" ? undefined : findObject(snapshot.jobSets, name),
    jobs: listRunJobs(run, snapshot),
    pods,
    workloads: [...new Set([...listPodWorkloads(snapshot, pods), ...ownedWorkloads])],
  };
}

/** True while a pod waits or runs. */
export function isPodActive(pod: PodObject): boolean {
  return isPodPending(pod) || isPodRunning(pod);
}

/** Lists the pods of one Job of a run. */
export function listPodsOfJob(job: JobObject, pods: readonly PodObject[]): PodObject[] {
  const jobSet = getObjectLabel(job, jobSetLabel);
  const replicatedJob = getObjectLabel(job, replicatedJobLabel);
  return pods.filter((pod) => {
    const owner = getObjectLabel(pod, jobLabel);
    if (owner !== undefined || jobSet === undefined) return owner === getObjectName(job);
    return getObjectLabel(pod, jobSetLabel) === jobSet && getObjectLabel(pod, replicatedJobLabel) === replicatedJob;
  });
}

/** Lists the Jobs of a run that have not ended and have no pod that waits or runs. */
export function listJobsWithoutPods({ jobs, pods }: RunObjects): JobObject[] {
  return jobs.filter((job) => !hasEnded("job", job) && !listPodsOfJob(job, pods).some(isPodActive));
}

export function getCreationTime({ metadata }: ApiObject): number | null {
  return parseMilliseconds(metadata?.creationTimestamp);
}

/** The pod that failed last, by its creation; undefined while another pod waits or runs. */
export function findLastFailedPod({ pods }: RunObjects): PodObject | undefined {
  if (pods.some(isPodActive)) return undefined;
  return pods
    .filter(isPodFailed)
    .sort((a, b) => (getCreationTime(a) ?? 0) - (getCreationTime(b) ?? 0))
    .at(-1);
}
