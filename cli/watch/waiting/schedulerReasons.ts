import { deviceResource } from "../../../jobs/hardware/gpuCatalog.ts";
import { findObject, getObjectName } from "../../kubernetes/apiObjects.ts";
import type { ClusterSnapshot, PodObject } from "../../kubernetes/apiObjects.ts";
import { isWarning, listObjectEvents } from "../../kubernetes/objectEvents.ts";
import { findUnschedulableCondition, isPodPending } from "../../kubernetes/podStatus.ts";
import { countNames, parseSchedulerMessage, summarizeExclusions, unnamedTaint } from "./nodeChoice.ts";
import type { NodeExclusions } from "./nodeChoice.ts";
import type { RunObjects } from "./runObjects.ts";
import { getConditionTime, truncateMessage } from "./waitingReason.ts";
import type { WaitingReason } from "./waitingReason.ts";

export function listClaimNames({ spec }: PodObject): string[] {
  return (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}

function hasGpuRequest({ spec }: PodObject): boolean {
  return spec?.containers?.some(({ resources }) => resources?.requests?.[deviceResource] !== undefined) ?? false;
}

/** The reason of a claim without a volume: its own events say more than the scheduler. */
function describeClaim(pod: PodObject, message: string, snapshot: ClusterSnapshot) {
  const missing = /persistentvolumeclaim "([^"]+)" not found/.exec(message)?.[1];
  if (missing !== undefined) return { claim: missing, summary: `volume ${missing} does not exist`, message };
  const isLost = (name: string): boolean => findObject(snapshot.claims, name)?.status?.phase === "Lost";
  const isUnbound = (name: string): boolean => findObject(snapshot.claims, name)?.status?.phase === "Pending";
  const names = listClaimNames(pod);
  const lost = names.find(isLost);
  if (lost !== undefined) return { claim: lost, summary: `volume ${lost} has lost its storage`, message };
  if (!/unbound|PersistentVolumeClaim|available persistent volumes to bind/i.test(message)) return undefined;
  const claim = names.find(isUnbound) ?? names[0];
  if (claim === undefined) return { claim, summary: "volume not bound", message };
  const event = listObjectEvents(snapshot, "PersistentVolumeClaim", claim).filter(isWarning).at(-1);
  return { claim, summary: `volume ${claim} not bound`, message: [message, event?.message ?? []].flat().join("\n") };
}

/**
 * Names the taints that the scheduler of Kubernetes 1.36 only counts: those of the nodes that could run the pod. They
 * stay unnamed where nodes could not be read.
 */
function nameTaints(exclusions: NodeExclusions, pod: PodObject, { nodes }: ClusterSnapshot): NodeExclusions {
  if (nodes === null || !exclusions.taints.has(unnamedTaint)) return exclusions;
  const candidates = nodes.filter(
    ({ status }) => !hasGpuRequest(pod) || Number(status?.capacity?.[deviceResource] ?? 0) > 0,
  );
  const keys = candidates.flatMap(({ spec }) =>
    (spec?.taints ?? []).flatMap(({ key, effect }) => (effect === "PreferNoSchedule" ? [] : key)),
  );
  return { ...exclusions, taints: countNames(keys) };
}

/** Only pods that wait for inputs have such a constraint (jobs/kube/awaitJob.ts). */
function describeWaitingRoom(message: string): Pick<WaitingReason, "kind" | "summary"> | undefined {
  return message.includes("pod topology spread constraints")
    ? { kind: "no room", summary: "as many pods as may already wait for inputs on each node" }
    : undefined;
}

function describeUnschedulable(pod: PodObject, snapshot: ClusterSnapshot): WaitingReason | undefined {
  const condition = findUnschedulableCondition(pod);
  if (condition === undefined) return undefined;
  const podName = getObjectName(pod);
  const event = listObjectEvents(snapshot, "Pod", podName).findLast(({ reason }) => reason === "FailedScheduling");
  const message = condition.message ?? event?.message ?? "";
  const since = getConditionTime(condition);
  const volume = describeClaim(pod, message, snapshot);
  if (volume !== undefined) {
    const { claim, ...words } = volume;
    const object =
      claim === undefined ? { kind: "Pod", name: podName } : { kind: "PersistentVolumeClaim", name: claim };
    return { kind: "volume", source: "scheduler", ...words, object, since };
  }
  const verdict = describeWaitingRoom(message) ??
    summarizeExclusions(nameTaints(parseSchedulerMessage(message), pod, snapshot), hasGpuRequest(pod)) ?? {
      kind: "no node" as const,
      summary: message === "" ? "no node fits" : `no node fits: ${truncateMessage(message)}`,
    };
  return { ...verdict, source: "scheduler", message, object: { kind: "Pod", name: podName }, since };
}

/** Finds the reason why no node takes a pod of the run. */
export function findSchedulerReason({ pods }: RunObjects, snapshot: ClusterSnapshot): WaitingReason | undefined {
  return pods
    .filter(isPodPending)
    .map((pod) => describeUnschedulable(pod, snapshot))
    .find((reason) => reason !== undefined);
}
