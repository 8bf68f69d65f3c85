import { findLastProgress } from "../watch/logProgress.ts";
import type { LogProgress } from "../watch/logProgress.ts";
import { parseMilliseconds, getObjectName } from "./apiObjects.ts";
import type { PodObject, ClusterSnapshot } from "./apiObjects.ts";

const kueueGatePrefix = "kueue.x-k8s.io/";

export function isPodQueued({ spec }: PodObject): boolean {
  return spec?.schedulingGates?.some(({ name }) => name.startsWith(kueueGatePrefix)) ?? false;
}

function matchPhase(phase: string) {
  return ({ status }: PodObject): boolean => status?.phase === phase;
}

export const isPodRunning = matchPhase("Running");
export const isPodPending = matchPhase("Pending");
export const isPodFailed = matchPhase("Failed");

/** Reasons that a pod passes through by itself; every other one is worth showing. */
const expectedWaitingReasons = ["ContainerCreating", "PodInitializing"];

/** Why a pending pod does not start, where that is more than "not yet". */
export function findPodObstacle({ status }: PodObject): string {
  const waiting = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].flatMap(
    ({ state }) => state?.waiting?.reason ?? [],
  );
  const unscheduled = status?.conditions?.find(
    ({ type, status: is, reason }) => type === "PodScheduled" && is === "False" && reason === "Unschedulable",
  );
  return waiting.find((reason) => !expectedWaitingReasons.includes(reason)) ?? (unscheduled ? "no node fits" : "");
}

export function findPodProgress(pod: PodObject, { logs }: ClusterSnapshot): LogProgress | null {
  return findLastProgress(logs.get(getObjectName(pod)));
}

/** Seconds left at the pace so far: of the pods' earliest start and the fraction done; null while too little is done to say. */
export function estimateSecondsLeft(
  pods: readonly PodObject[],
  fraction: number,
  { now }: ClusterSnapshot,
): number | null {
  const starts = pods.flatMap(({ status }) => parseMilliseconds(status?.startTime) ?? []);
  if (starts.length === 0 || fraction < 0.02) return null;
  return ((now - Math.min(...starts)) / 1000 / fraction) * (1 - fraction);
}
