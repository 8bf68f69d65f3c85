import { deviceResource } from "../../../jobs/hardware/gpuCatalog.ts";
import { isPassed } from "../../../jobs/kube/preflightMark.ts";
import { getObjectName } from "../../kubernetes/apiObjects.ts";
import type { ClusterSnapshot } from "../../kubernetes/apiObjects.ts";
import { findMarkKey, isOfOtherKind } from "../../kubernetes/requiredMark.ts";
import { formatFirstItems } from "../../terminal/formatList.ts";
import type { RunObjects } from "./runObjects.ts";
import type { WaitingKind, WaitingReason } from "./waitingReason.ts";

/** Reasons that another node would end. */
const placeKinds: readonly WaitingKind[] = ["no room", "no node", "taint"];

const maxNames = 3;

/** Names the nodes that wait for preflight, if work that needs a place may only go to those that passed it. */
export function addClosedNodes(reason: WaitingReason, { pods }: RunObjects, { nodes }: ClusterSnapshot): WaitingReason {
  const affinity = pods.map(({ spec }) => spec?.affinity).find((one) => findMarkKey(one) !== undefined);
  const markKey = findMarkKey(affinity);
  if (markKey === undefined || nodes === null || !placeKinds.includes(reason.kind)) return reason;
  const candidates = nodes.filter(
    ({ metadata, status }) =>
      Number(status?.capacity?.[deviceResource] ?? 0) > 0 && !isOfOtherKind(metadata?.labels ?? {}, affinity),
  );
  const closed = candidates.filter(({ metadata }) => !isPassed(metadata?.labels, markKey));
  if (closed.length === 0) return reason;
  const names = formatFirstItems(closed.map(getObjectName), { limit: maxNames });
  if (closed.length === candidates.length)
    return { ...reason, kind: "preflight", summary: `no node has passed preflight (${names})` };
  return { ...reason, summary: `${reason.summary}; before preflight: ${names}` };
}
