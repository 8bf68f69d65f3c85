import { createIndex } from "./objectIndex.ts";
import { jobLabel, jobSetLabel, replicatedJobLabel } from "./objectKinds.ts";
import type { NodeAffinity } from "./requiredMark.ts";

/** The fields of API objects that this project reads. The API client's own types are assignable to these. */
export interface ApiObject {
  readonly metadata?:
    | {
        readonly name?: string | undefined;
        readonly uid?: string | undefined;
        readonly labels?: Readonly<Record<string, string>> | undefined;
        readonly annotations?: Readonly<Record<string, string>> | undefined;
        readonly creationTimestamp?: Date | string | undefined;
        readonly deletionTimestamp?: Date | string | undefined;
        readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[] | undefined;
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
        /** The number of restarts of a JobSet, and the time at which the controller of a Job first saw it. */
        readonly restarts?: number | undefined;
        readonly startTime?: string | Date | undefined;
      }
    | undefined;
}

export interface TrainJobObject extends ConditionedObject {
  readonly spec?: { readonly suspend?: boolean | undefined } | undefined;
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
  readonly message?: string | undefined;
  readonly finishedAt?: Date | string | undefined;
}

interface ContainerState {
  readonly waiting?: { readonly reason?: string | undefined; readonly message?: string | undefined } | undefined;
  readonly terminated?: TerminatedState | undefined;
}

export interface PodContainerStatus {
  readonly state?: ContainerState | undefined;
  /** The state before the last restart. */
  readonly lastState?: ContainerState | undefined;
  readonly restartCount?: number | undefined;
}

interface PodVolume {
  readonly persistentVolumeClaim?: { readonly claimName: string } | undefined;
}

interface PodContainer {
  readonly resources?: { readonly requests?: Readonly<Record<string, string>> | undefined } | undefined;
}

export interface PodObject extends ApiObject {
  readonly spec?:
    | {
        readonly schedulingGates?: readonly { readonly name: string }[] | undefined;
        /** Set once the scheduler has bound the pod. */
        readonly nodeName?: string | undefined;
        readonly volumes?: readonly PodVolume[] | undefined;
        readonly containers?: readonly PodContainer[] | undefined;
        readonly affinity?: NodeAffinity | undefined;
      }
    | undefined;
  readonly status?:
    | {
        readonly phase?: string | undefined;
        readonly reason?: string | undefined;
        readonly message?: string | undefined;
        readonly startTime?: Date | string | undefined;
        readonly conditions?: readonly ObjectCondition[] | undefined;
        readonly containerStatuses?: readonly PodContainerStatus[] | undefined;
        readonly initContainerStatuses?: readonly PodContainerStatus[] | undefined;
      }
    | undefined;
}

/** An object of Kueue's kind Workload: the request of a pod, or of a group of pods, for quota. */
export interface WorkloadObject extends ConditionedObject {
  readonly spec?:
    | {
        /** Kueue evicts a workload that is set to false, and does not admit it again. */
        readonly active?: boolean | undefined;
        /** The LocalQueue. */
        readonly queueName?: string | undefined;
      }
    | undefined;
}

interface QueueFlavor<Resource> {
  readonly name: string;
  readonly resources: readonly Resource[];
}

/** Quantities are Kubernetes' own notation, such as `16` or `100k`. */
export interface ClusterQueueObject extends ApiObject {
  readonly spec?:
    | {
        readonly resourceGroups?:
          | readonly {
              readonly flavors: readonly QueueFlavor<{
                readonly name: string;
                readonly nominalQuota: string | number;
              }>[];
            }[]
          | undefined;
      }
    | undefined;
  readonly status?:
    | {
        /** The quota that admitted workloads hold. */
        readonly flavorsReservation?:
          readonly QueueFlavor<{ readonly name: string; readonly total?: string | number | undefined }>[] | undefined;
      }
    | undefined;
}

export interface EventObject extends ApiObject {
  readonly involvedObject: { readonly kind?: string | undefined; readonly name?: string | undefined };
  readonly type?: string | undefined;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly count?: number | undefined;
  readonly eventTime?: Date | string | undefined;
  readonly lastTimestamp?: Date | string | undefined;
  readonly series?:
    { readonly count?: number | undefined; readonly lastObservedTime?: Date | string | undefined } | undefined;
}

export interface ClaimObject extends ApiObject {
  readonly spec?: { readonly storageClassName?: string | undefined } | undefined;
  readonly status?: { readonly phase?: string | undefined } | undefined;
}

export interface NodeObject extends ConditionedObject {
  readonly spec?:
    { readonly taints?: readonly { readonly key: string; readonly effect: string }[] | undefined } | undefined;
  readonly status?:
    (ConditionedObject["status"] & { readonly capacity?: Readonly<Record<string, string>> | undefined }) | undefined;
}

/** A kind that could not be read, and why: the cluster does not have it, or refused. */
export interface UnreadKind {
  /** The plural with the group, such as `workloads.kueue.x-k8s.io`. */
  readonly resource: string;
  readonly cause: "not installed" | "not allowed" | "failed";
}

/** The objects that say why work waits. All lists are empty where the cluster does not let the user read them. */
export interface WaitingEvidence {
  readonly workloads: readonly WorkloadObject[];
  /** Read only while a workload waits for quota. */
  readonly clusterQueues: readonly ClusterQueueObject[];
  /** The newest event of each object and reason. */
  readonly events: readonly EventObject[];
  readonly claims: readonly ClaimObject[];
  /** Read only while they may say more about a pod (evidenceReader.ts); null if not read. */
  readonly nodes: readonly NodeObject[] | null;
  readonly unread: readonly UnreadKind[];
}

/** The objects of one namespace at one time. */
export interface ClusterSnapshot extends WaitingEvidence {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly jobs: readonly JobObject[];
  readonly trainJobs: readonly TrainJobObject[];
  readonly jobSets: readonly ConditionedObject[];
  readonly pods: readonly PodObject[];
  /** The last log lines of every running and every failed pod, by the pod's name. */
  readonly logs: ReadonlyMap<string, string>;
}

/** No evidence, for a reader that needs only the runs. */
export const emptyEvidence: WaitingEvidence = {
  workloads: [],
  clusterQueues: [],
  events: [],
  claims: [],
  nodes: null,
  unread: [],
};

export function getObjectName({ metadata }: ApiObject): string {
  return metadata?.name ?? "";
}

export function getObjectLabel({ metadata }: ApiObject, label: string): string | undefined {
  return metadata?.labels?.[label];
}

const findByName = createIndex<ApiObject>((object) => [getObjectName(object)]);

export function findObject<T extends ApiObject>(objects: readonly T[], name: string): T | undefined {
  return findByName(objects, name)[0];
}

/** Milliseconds since 1970; null for a time that is not set. */
export function parseMilliseconds(time: Date | string | undefined): number | null {
  return time === undefined ? null : new Date(time).getTime();
}

const findByJob = createIndex<PodObject>((pod) => [getObjectLabel(pod, jobLabel) ?? []].flat());
const findByJobSet = createIndex<ApiObject>((object) => [getObjectLabel(object, jobSetLabel) ?? []].flat());

/** Lists the pods of a Job. */
export function listJobPods({ pods }: Pick<ClusterSnapshot, "pods">, job: string): readonly PodObject[] {
  return findByJob(pods, job);
}

/** Lists the pods of a JobSet, or of one of its replicated jobs. The JobSet of a TrainJob has the TrainJob's name. */
export function listJobSetPods(
  { pods }: Pick<ClusterSnapshot, "pods">,
  jobSet: string,
  replicatedJob?: string,
): readonly PodObject[] {
  const found = findByJobSet(pods, jobSet);
  return replicatedJob === undefined
    ? found
    : found.filter((pod) => getObjectLabel(pod, replicatedJobLabel) === replicatedJob);
}

/** Lists the Jobs that the controller of JobSets has made of one. */
export function listJobSetJobs({ jobs }: Pick<ClusterSnapshot, "jobs">, jobSet: string): readonly JobObject[] {
  return findByJobSet(jobs, jobSet);
}
