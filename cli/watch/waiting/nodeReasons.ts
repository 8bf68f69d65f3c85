import { findObject, getObjectName } from "../../kubernetes/apiObjects.ts";
import type { ClusterSnapshot, PodObject } from "../../kubernetes/apiObjects.ts";
import { listObjectEvents } from "../../kubernetes/objectEvents.ts";
import { isPodFailed, isPodReady } from "../../kubernetes/podStatus.ts";
import { findCondition } from "../../kubernetes/workloadConditions.ts";
import type { RunObjects } from "./runObjects.ts";
import { getConditionText, getConditionTime } from "./waitingReason.ts";
import type { WaitingReason } from "./waitingReason.ts";

function buildNodeReason(pod: PodObject, state: string, more: Partial<WaitingReason> = {}): WaitingReason {
  const node = pod.spec?.nodeName;
  const object = node === undefined ? { kind: "Pod", name: getObjectName(pod) } : { kind: "Node", name: node };
  const summary = node === undefined ? `node ${state}` : `node ${node} ${state}`;
  return { kind: "node lost", source: "node controller", summary, message: "", object, since: null, ...more };
}

/** The reason from the pod alone, for a user who may not read nodes. */
function findReasonOnPod(pod: PodObject, snapshot: ClusterSnapshot): WaitingReason | undefined {
  const message = pod.status?.message ?? "";
  if (pod.status?.reason === "NodeLost") return buildNodeReason(pod, "lost", { message });
  const event = isPodReady(pod) ? undefined : listObjectEvents(snapshot, "Pod", getObjectName(pod)).at(-1);
  if (event?.reason !== "NodeNotReady") return undefined;
  return buildNodeReason(pod, "lost", { message: event.message ?? "" });
}

function findNodeReason(pod: PodObject, snapshot: ClusterSnapshot): WaitingReason | undefined {
  const nodeName = pod.spec?.nodeName;
  if (nodeName === undefined || snapshot.nodes === null) return findReasonOnPod(pod, snapshot);
  const node = findObject(snapshot.nodes, nodeName);
  if (node === undefined) return buildNodeReason(pod, "is gone", { message: "the cluster has no such node" });
  const ready = findCondition(node, "Ready");
  if (ready === undefined || ready.status === "True") return undefined;
  return buildNodeReason(pod, ready.status === "Unknown" ? "lost" : "not ready", {
    message: getConditionText(ready),
    since: getConditionTime(ready),
  });
}

/** Finds a node that no longer responds, and on which a pod of the run is. */
export function findLostNode({ pods }: RunObjects, snapshot: ClusterSnapshot): WaitingReason | undefined {
  return pods
    .filter((pod) => pod.status?.phase !== "Succeeded" && !isPodFailed(pod))
    .map((pod) => findNodeReason(pod, snapshot))
    .find((reason) => reason !== undefined);
}
