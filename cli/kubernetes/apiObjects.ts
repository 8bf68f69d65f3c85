import { jobLabel, jobSetLabel, replicatedJobLabel } from "./objectKinds.ts";

/** The fields of API objects that this project reads. The API client's own types are assignable to these. */
export interface ApiObject {
  readonly metadata?:
    | {
        readonly name?: string | undefined;
        readonly labels?: Readonly<Record<string, string>> | undefined;
        readonly annotations?: Readonly<Record<string, string>> | undefined;
        readonly creationTimestamp?: Date | string | undefined;
      }
    | undefined;
}

export interface ObjectCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly lastTransitionTime?: Date | string | undefined;
}

/** A TrainJob, a JobSet, a node or any other object with conditions. */
export interface ConditionedObject extends ApiObject {
  readonly status?:
    | {
        readonly conditions?: readonly ObjectCondition[] | undefined;
        /** The number of restarts of a JobSet. */
        readonly restarts?: number | undefined;
      }
    | undefined;
}

export interface JobObject extends ApiObject {
  readonly spec?: { readonly completions?: number | undefined } | undefined;
  readonly status?:
    | { readonly conditions?: readonly ObjectCondition[] | undefined; readonly succeeded?: number | undefined }
    | undefined;
}

interface TerminatedState {
  readonly exitCode: number;
  readonly reason?: string | undefined;
  readonly finishedAt?: Date | string | undefined;
}

export interface PodContainerStatus {
  readonly state?:
    | {
        readonly waiting?: { readonly reason?: string | undefined } | undefined;
        readonly terminated?: TerminatedState | undefined;
      }
    | undefined;
}

export interface PodObject extends ApiObject {
  readonly spec?: { readonly schedulingGates?: readonly { readonly name: string }[] | undefined } | undefined;
  readonly status?:
    | {
        readonly phase?: string | undefined;
        readonly reason?: string | undefined;
        readonly startTime?: Date | string | undefined;
        readonly conditions?: readonly ObjectCondition[] | undefined;
        readonly containerStatuses?: readonly PodContainerStatus[] | undefined;
        readonly initContainerStatuses?: readonly PodContainerStatus[] | undefined;
      }
    | undefined;
}

/** The objects of one namespace at one time. */
export interface ClusterSnapshot {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly jobs: readonly JobObject[];
  readonly trainJobs: readonly ConditionedObject[];
  readonly jobSets: readonly ConditionedObject[];
  readonly pods: readonly PodObject[];
  /** The last log lines of every running and every failed pod, by the pod's name. */
  readonly logs: ReadonlyMap<string, string>;
}

export function getObjectName({ metadata }: ApiObject): string {
  return metadata?.name ?? "";
}

export function getObjectLabel({ metadata }: ApiObject, label: string): string | undefined {
  return metadata?.labels?.[label];
}

export function findObject<T extends ApiObject>(objects: readonly T[], name: string): T | undefined {
  return objects.find((object) => getObjectName(object) === name);
}

/** Milliseconds since 1970; null for a time that is not set. */
export function parseMilliseconds(time: Date | string | undefined): number | null {
  return time === undefined ? null : new Date(time).getTime();
}

/** Lists the pods of a Job. */
export function listJobPods({ pods }: ClusterSnapshot, job: string): PodObject[] {
  return pods.filter((pod) => getObjectLabel(pod, jobLabel) === job);
}

/** Lists the pods of a JobSet, or of one of its replicated jobs. The JobSet of a TrainJob has the TrainJob's name. */
export function listJobSetPods({ pods }: ClusterSnapshot, jobSet: string, replicatedJob?: string): PodObject[] {
  return pods.filter(
    (pod) =>
      getObjectLabel(pod, jobSetLabel) === jobSet &&
      (replicatedJob === undefined || getObjectLabel(pod, replicatedJobLabel) === replicatedJob),
  );
}
