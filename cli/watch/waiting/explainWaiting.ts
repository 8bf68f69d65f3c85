import type { ClusterSnapshot } from "../../kubernetes/apiObjects.ts";
import { findBrokenNode } from "./brokenNodes.ts";
import { addClosedNodes } from "./closedNodes.ts";
import { findMissingController, findRefusal, findSuspension } from "./controllerReasons.ts";
import { findKubeletReason } from "./kubeletReasons.ts";
import { findLostNode } from "./nodeReasons.ts";
import { findQueueReason } from "./queueReasons.ts";
import { collectRunObjects } from "./runObjects.ts";
import type { RunObjects, RunReference } from "./runObjects.ts";
import { findSchedulerReason } from "./schedulerReasons.ts";
import type { WaitingReason } from "./waitingReason.ts";

type ReasonFinder = (run: RunObjects, snapshot: ClusterSnapshot) => WaitingReason | undefined;

/**
 * The order of the reasons: a lost or broken node blocks whatever else is true, and an object that is not made has no
 * queue. Then comes the way of a pod: Kueue, the scheduler, the kubelet. A suspension comes after Kueue, which also
 * suspends.
 */
const reasonFinders: readonly ReasonFinder[] = [
  findLostNode,
  findBrokenNode,
  findRefusal,
  findMissingController,
  findQueueReason,
  findSuspension,
  findSchedulerReason,
  findKubeletReason,
];

/** Explains why a run does not progress: the most specific reason that the cluster gives; null if it gives none. */
export function explainWaiting(run: RunReference, snapshot: ClusterSnapshot): WaitingReason | null {
  const objects = collectRunObjects(run, snapshot);
  for (const findReason of reasonFinders) {
    const reason = findReason(objects, snapshot);
    if (reason !== undefined) return addClosedNodes(reason, objects, snapshot);
  }
  return null;
}
