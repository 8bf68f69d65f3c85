import { queueLabel } from "../../jobs/kube/objectLabels.ts";
import { getObjectLabel, parseMilliseconds } from "./apiObjects.ts";
import type { ObjectCondition, PodContainerStatus, PodObject } from "./apiObjects.ts";

const kueueGatePrefix = "kueue.x-k8s.io/";

/** True while Kueue holds the pod back. */
export function isPodQueued({ spec }: PodObject): boolean {
  return spec?.schedulingGates?.some(({ name }) => name.startsWith(kueueGatePrefix)) ?? false;
}

/** The labels that Kueue gives to pods that it counts: one by one, and with the Job that owns them. */
const countedLabels = ["kueue.x-k8s.io/managed", "kueue.x-k8s.io/podset"];

/** True for a pod that names a queue and that Kueue does not count, so that no quota holds it back. */
export function isPodUncounted(pod: PodObject): boolean {
  if (getObjectLabel(pod, queueLabel) === undefined || isPodQueued(pod)) return false;
  return countedLabels.every((label) => getObjectLabel(pod, label) === undefined);
}

/** True once a node is to run the pod, which may wait there for its image. */
export function hasNode({ spec }: PodObject): boolean {
  return spec?.nodeName !== undefined;
}

export function isPodRunning({ status }: PodObject): boolean {
  return status?.phase === "Running";
}

export function isPodPending({ status }: PodObject): boolean {
  return status?.phase === "Pending";
}

export function isPodFailed({ status }: PodObject): boolean {
  return status?.phase === "Failed";
}

/** True once every container reports that it is ready. */
export function isPodReady({ status }: PodObject): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false;
}

/** The condition of a pod for which the scheduler finds no node. */
export function findUnschedulableCondition({ status }: PodObject): ObjectCondition | undefined {
  return status?.conditions?.find(
    ({ type, status: value, reason }) => type === "PodScheduled" && value === "False" && reason === "Unschedulable",
  );
}

/** States of the pod's containers, the init containers last. */
export function listContainerStates({ status }: PodObject): NonNullable<PodContainerStatus["state"]>[] {
  return [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].flatMap(
    ({ state }) => state ?? [],
  );
}

/** The earliest start of the pods in milliseconds since 1970; null if none has started. */
export function findEarliestStart(pods: readonly PodObject[]): number | null {
  const starts = pods.flatMap(({ status }) => parseMilliseconds(status?.startTime) ?? []);
  return starts.length === 0 ? null : Math.min(...starts);
}
