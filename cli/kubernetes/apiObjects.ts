/** The few fields of the API objects that the watch reads; the client's own types fit. */
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
}

/** TrainJob and JobSet; the latter counts how often it was started again. */
export interface ConditionedObject extends ApiObject {
  readonly status?:
    | { readonly conditions?: readonly ObjectCondition[] | undefined; readonly restarts?: number | undefined }
    | undefined;
}

export interface JobObject extends ApiObject {
  readonly spec?: { readonly completions?: number | undefined } | undefined;
  readonly status?:
    | { readonly conditions?: readonly ObjectCondition[] | undefined; readonly succeeded?: number | undefined }
    | undefined;
}

interface PodContainerStatus {
  readonly state?:
    | {
        readonly waiting?: { readonly reason?: string | undefined } | undefined;
        readonly terminated?:
          | {
              readonly exitCode: number;
              readonly reason?: string | undefined;
              readonly finishedAt?: Date | string | undefined;
            }
          | undefined;
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

/** What the API server said at one moment. */
export interface ClusterSnapshot {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly jobs: readonly JobObject[];
  readonly trainJobs: readonly ConditionedObject[];
  readonly jobSets: readonly ConditionedObject[];
  readonly pods: readonly PodObject[];
  /** Last lines of the log, by the pod's name: of every running and every failed pod. */
  readonly logs: ReadonlyMap<string, string>;
}

/** A cell and the names of the objects that make its scores. */
export interface WatchedCell {
  readonly id: string;
  readonly trainJob: string;
  readonly evaluation: string;
  /** Jobs and JobSets that must be done before training or evaluation: mixture, model, benchmarks. */
  readonly dataJobs: readonly string[];
}

/** The model that cells start from: what a cell is, without a training. */
export type WatchedBase = Pick<WatchedCell, "id" | "evaluation" | "dataJobs">;

/** All that a stack has submitted. */
export interface WatchedStack {
  readonly cells: readonly WatchedCell[];
  readonly bases: readonly WatchedBase[];
}

export const jobSetLabel = "jobset.sigs.k8s.io/jobset-name";
export const replicatedJobLabel = "jobset.sigs.k8s.io/replicatedjob-name";
export const jobLabel = "batch.kubernetes.io/job-name";

export function getObjectName({ metadata }: ApiObject): string {
  return metadata?.name ?? "";
}

export function getObjectLabel({ metadata }: ApiObject, label: string): string | undefined {
  return metadata?.labels?.[label];
}

export function findObject<T extends ApiObject>(objects: readonly T[], name: string): T | undefined {
  return objects.find((object) => getObjectName(object) === name);
}

export function findTrueCondition(
  object: ConditionedObject | undefined,
  ...types: string[]
): ObjectCondition | undefined {
  return object?.status?.conditions?.find(({ type, status }) => types.includes(type) && status === "True");
}

export function parseMilliseconds(time: Date | string | undefined): number | null {
  return time === undefined ? null : new Date(time).getTime();
}

/** Pods of a JobSet (a TrainJob's JobSet has the TrainJob's name), by the name of their replicated job where one is given. */
export function listJobSetPods({ pods }: ClusterSnapshot, jobSet: string, replicatedJob?: string): PodObject[] {
  return pods.filter(
    (pod) =>
      getObjectLabel(pod, jobSetLabel) === jobSet &&
      (replicatedJob === undefined || getObjectLabel(pod, replicatedJobLabel) === replicatedJob),
  );
}
