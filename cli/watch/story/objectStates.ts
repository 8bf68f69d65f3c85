import { getObjectName } from "../../kubernetes/apiObjects.ts";
import type {
  ApiObject,
  ClaimObject,
  ConditionedObject,
  JobObject,
  ObjectCondition,
  PodContainerStatus,
  PodObject,
  WorkloadObject,
} from "../../kubernetes/apiObjects.ts";
import { isPodQueued, isPodUncounted } from "../../kubernetes/podStatus.ts";
import { findCondition } from "../../kubernetes/workloadConditions.ts";
import { getCreationTime } from "../waiting/runObjects.ts";
import { getConditionTime } from "../waiting/waitingReason.ts";

/** An object of a cell as one line, and the cluster's messages about it. */
export interface ObjectState {
  readonly kind: string;
  readonly name: string;
  readonly state: string;
  /** The beginning of the state in milliseconds since 1970; null if unknown. */
  readonly since: number | null;
  readonly messages: readonly string[];
}

function formatCondition({ type, status, reason }: ObjectCondition): string {
  const words = status === "True" ? type : `${type}=${status}`;
  return reason === undefined || reason === type ? words : `${words} (${reason})`;
}

function formatMessage({ type, message }: ObjectCondition): string[] {
  return message ? [`${type}: ${message}`] : [];
}

function buildObjectState(
  kind: string,
  object: ApiObject,
  { state, condition, messages = [] }: { state: string; condition?: ObjectCondition; messages?: readonly string[] },
): ObjectState {
  const since = getConditionTime(condition) ?? getCreationTime(object);
  return { kind, name: getObjectName(object), state, since, messages };
}

/** The state of a TrainJob or JobSet: its newest true condition. */
export function describeConditionedState(kind: string, object: ConditionedObject): ObjectState {
  const conditions = (object.status?.conditions ?? []).filter(({ status }) => status === "True");
  const newest = conditions.toSorted((a, b) => (getConditionTime(a) ?? 0) - (getConditionTime(b) ?? 0)).at(-1);
  const restarts = object.status?.restarts ?? 0;
  const restarted = restarts === 0 ? "" : `, ${String(restarts)} restarts`;
  return buildObjectState(kind, object, {
    state: (newest === undefined ? "not ended" : formatCondition(newest)) + restarted,
    ...(newest && { condition: newest }),
    messages: conditions.flatMap(formatMessage),
  });
}

export function describeJobState(job: JobObject): ObjectState {
  const state = describeConditionedState("Job", job);
  const counts = `${String(job.status?.succeeded ?? 0)} of ${String(job.spec?.completions ?? 1)} pods done`;
  return { ...state, state: `${state.state}, ${counts}` };
}

function listContainerMessages({ state, lastState }: PodContainerStatus): string[] {
  const { waiting, terminated } = state ?? {};
  const ended = terminated ?? lastState?.terminated;
  const exit = ended === undefined ? [] : `exit code ${String(ended.exitCode)} (${ended.reason ?? "no reason"})`;
  return [
    waiting?.message ? `${waiting.reason ?? "waiting"}: ${waiting.message}` : [],
    exit === "" ? [] : exit,
    ended?.message ? `last words: ${ended.message}` : [],
  ].flat();
}

function formatPodState(pod: PodObject): string {
  const { phase = "no phase", reason, containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const gates = (pod.spec?.schedulingGates ?? []).map(({ name }) => name).join(", ");
  const waiting = [...initContainerStatuses, ...containerStatuses].flatMap(({ state }) => state?.waiting?.reason ?? []);
  const details = [
    isPodQueued(pod) ? `held by ${gates}` : [],
    isPodUncounted(pod) ? "not counted by Kueue" : [],
    pod.metadata?.deletionTimestamp === undefined ? [] : "being deleted",
    reason ?? [],
    waiting[0] ?? [],
    pod.spec?.nodeName === undefined ? [] : `on node ${pod.spec.nodeName}`,
  ].flat();
  return [phase, ...details].join(", ");
}

export function describePodState(pod: PodObject): ObjectState {
  const { conditions = [], containerStatuses = [], initContainerStatuses = [], message } = pod.status ?? {};
  const notable = conditions.filter(
    ({ type, status }) =>
      (type === "PodScheduled" && status === "False") || /^(Disruption|Termination)Target$/.test(type),
  );
  return buildObjectState("Pod", pod, {
    state: formatPodState(pod),
    ...(notable[0] && { condition: notable[0] }),
    messages: [
      message ?? [],
      ...notable.flatMap(formatMessage),
      ...[...initContainerStatuses, ...containerStatuses].flatMap(listContainerMessages),
    ].flat(),
  });
}

/** The conditions of a Workload, the most telling ones first. */
const workloadConditions = ["Finished", "Evicted", "PodsReady", "Admitted", "QuotaReserved"];

export function describeWorkloadState(workload: WorkloadObject): ObjectState {
  const known = workloadConditions.flatMap((type) => findCondition(workload, type) ?? []);
  const shown =
    known.find(({ status, type }) => status === "True" && type !== "PodsReady") ??
    known.find(({ type }) => type === "QuotaReserved");
  const inactive = workload.spec?.active === false ? ", deactivated" : "";
  return buildObjectState("Workload", workload, {
    state: (shown === undefined ? "not looked at by Kueue" : formatCondition(shown)) + inactive,
    ...(shown && { condition: shown }),
    messages: [...new Set(known.flatMap(formatMessage))],
  });
}

export function describeClaimState(claim: ClaimObject): ObjectState {
  const storageClass = claim.spec?.storageClassName;
  const suffix = storageClass ? `, storage class ${storageClass}` : "";
  return buildObjectState("PersistentVolumeClaim", claim, { state: (claim.status?.phase ?? "no phase") + suffix });
}

export function describeNodeState(node: ConditionedObject): ObjectState {
  const ready = findCondition(node, "Ready");
  return buildObjectState("Node", node, {
    state: ready === undefined ? "unknown" : formatCondition(ready),
    ...(ready && { condition: ready }),
    messages: ready && ready.status !== "True" ? formatMessage(ready) : [],
  });
}
