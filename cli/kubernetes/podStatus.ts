import { parseMilliseconds } from "./apiObjects.ts";
import type { PodContainerStatus, PodObject } from "./apiObjects.ts";

const kueueGatePrefix = "kueue.x-k8s.io/";

/** True while Kueue holds the pod back. */
export function isPodQueued({ spec }: PodObject): boolean {
  return spec?.schedulingGates?.some(({ name }) => name.startsWith(kueueGatePrefix)) ?? false;
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

/** States of the pod's containers, the init containers last. */
export function listContainerStates({ status }: PodObject): NonNullable<PodContainerStatus["state"]>[] {
  return [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].flatMap(
    ({ state }) => state ?? [],
  );
}

/** Reasons that every pod passes through; any other one is worth showing. */
const expectedWaitingReasons = ["ContainerCreating", "PodInitializing"];

/** The reason why a pending pod does not start; empty if it only needs more time. */
export function findPodObstacle(pod: PodObject): string {
  const waitingReasons = listContainerStates(pod).flatMap(({ waiting }) => waiting?.reason ?? []);
  const isUnschedulable = pod.status?.conditions?.some(
    ({ type, status, reason }) => type === "PodScheduled" && status === "False" && reason === "Unschedulable",
  );
  const unexpected = waitingReasons.find((reason) => !expectedWaitingReasons.includes(reason));
  return unexpected ?? (isUnschedulable ? "no node fits" : "");
}

/** The obstacle of the first pod that has one; empty if none has. */
export function findFirstObstacle(pods: readonly PodObject[]): string {
  return pods.map(findPodObstacle).find(Boolean) ?? "";
}

/** The earliest start of the pods in milliseconds since 1970; null if none has started. */
export function findEarliestStart(pods: readonly PodObject[]): number | null {
  const starts = pods.flatMap(({ status }) => parseMilliseconds(status?.startTime) ?? []);
  return starts.length === 0 ? null : Math.min(...starts);
}
