/** The few fields of the API objects that the watch reads; the client's own types fit. */
export interface ApiObject {
  readonly metadata?: {
    readonly name?: string | undefined;
    readonly labels?: Readonly<Record<string, string>> | undefined;
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    readonly creationTimestamp?: Date | string | undefined;
  } | undefined;
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

/** TrainJob and JobSet; the latter counts how often it was started again. */
export interface Conditioned extends ApiObject {
  readonly status?: { readonly conditions?: readonly Condition[] | undefined; readonly restarts?: number | undefined } | undefined;
}

export interface Job extends ApiObject {
  readonly spec?: { readonly completions?: number | undefined } | undefined;
  readonly status?: { readonly conditions?: readonly Condition[] | undefined; readonly succeeded?: number | undefined } | undefined;
}

interface ContainerStatus {
  readonly state?: {
    readonly waiting?: { readonly reason?: string | undefined } | undefined;
    readonly terminated?: { readonly exitCode: number; readonly reason?: string | undefined; readonly finishedAt?: Date | string | undefined } | undefined;
  } | undefined;
}

export interface Pod extends ApiObject {
  readonly spec?: { readonly schedulingGates?: readonly { readonly name: string }[] | undefined } | undefined;
  readonly status?: {
    readonly phase?: string | undefined;
    readonly reason?: string | undefined;
    readonly startTime?: Date | string | undefined;
    readonly conditions?: readonly Condition[] | undefined;
    readonly containerStatuses?: readonly ContainerStatus[] | undefined;
    readonly initContainerStatuses?: readonly ContainerStatus[] | undefined;
  } | undefined;
}

/** What the API server said at one moment. */
export interface Snapshot {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly jobs: readonly Job[];
  readonly trainJobs: readonly Conditioned[];
  readonly jobSets: readonly Conditioned[];
  readonly pods: readonly Pod[];
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

export const nameOf = ({ metadata }: ApiObject): string => metadata?.name ?? "";

export const labelOf = ({ metadata }: ApiObject, label: string): string | undefined => metadata?.labels?.[label];

export const named = <T extends ApiObject>(objects: readonly T[], name: string): T | undefined =>
  objects.find((object) => nameOf(object) === name);

export const conditionOf = (object: Conditioned | undefined, ...types: string[]): Condition | undefined =>
  object?.status?.conditions?.find(({ type, status }) => types.includes(type) && status === "True");

export const millisecondsOf = (time: Date | string | undefined): number | null => (time === undefined ? null : new Date(time).getTime());

/** Pods of a JobSet (a TrainJob's JobSet has the TrainJob's name), by the name of their replicated job where one is given. */
export const podsOf = ({ pods }: Snapshot, jobSet: string, replicatedJob?: string): Pod[] =>
  pods.filter((pod) => labelOf(pod, jobSetLabel) === jobSet && (replicatedJob === undefined || labelOf(pod, replicatedJobLabel) === replicatedJob));
