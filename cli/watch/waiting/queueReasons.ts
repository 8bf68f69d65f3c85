import { deviceResource } from "../../../jobs/hardware/gpuCatalog.ts";
import { queueLabel } from "../../../jobs/kube/objectLabels.ts";
import { getObjectLabel, getObjectName } from "../../kubernetes/apiObjects.ts";
import type { ClusterQueueObject, ClusterSnapshot, PodObject, WorkloadObject } from "../../kubernetes/apiObjects.ts";
import { findTrueCondition } from "../../kubernetes/objectConditions.ts";
import { getResourceName } from "../../kubernetes/objectKinds.ts";
import { isPodPending, isPodQueued, isPodUncounted } from "../../kubernetes/podStatus.ts";
import { findCondition, isWaitingForQuota, listPodWorkloads } from "../../kubernetes/workloadConditions.ts";
import { parseTopologyMessage, summarizeExclusions } from "./nodeChoice.ts";
import { getCreationTime } from "./runObjects.ts";
import type { RunObjects } from "./runObjects.ts";
import { getConditionText, getConditionTime, isOverdue, truncateMessage } from "./waitingReason.ts";
import type { WaitingKind, WaitingReason } from "./waitingReason.ts";

type QueueVerdict = Pick<WaitingReason, "kind" | "summary">;

/** The quota of a resource in a flavor and what of it is in use; undefined unless exactly one queue has the flavor. */
function findQuotaUse(queues: readonly ClusterQueueObject[], flavor: string, resource: string) {
  const uses = queues.flatMap(({ spec, status }) => {
    const flavors = (spec?.resourceGroups ?? []).flatMap((group) => group.flavors);
    const quota = flavors
      .find(({ name }) => name === flavor)
      ?.resources.find(({ name }) => name === resource)?.nominalQuota;
    const used = status?.flavorsReservation
      ?.find(({ name }) => name === flavor)
      ?.resources.find(({ name }) => name === resource)?.total;
    return quota === undefined || used === undefined ? [] : [{ quota: String(quota), used: String(used) }];
  });
  return uses.length === 1 ? uses[0] : undefined;
}

function describeQuota(message: string, queues: readonly ClusterQueueObject[]): QueueVerdict | undefined {
  const shortages = [...message.matchAll(/insufficient unused quota for (\S+) in flavor (\S+), (\S+) more need/g)];
  const shortage = shortages.find(([, resource]) => resource === deviceResource) ?? shortages[0];
  if (shortage === undefined) return undefined;
  const [, resource = "", flavor = "", more = ""] = shortage;
  const use = findQuotaUse(queues, flavor, resource);
  const detail =
    use === undefined ? `${more} more ${resource} needed` : `${use.used} of ${use.quota} ${resource} in use`;
  return { kind: "quota", summary: `waits for quota: ${detail}` };
}

function describeExcess(message: string): QueueVerdict | undefined {
  const [, resource, capacity] =
    /insufficient quota for (\S+) in flavor .*?maximum capacity \(([^)]+)\)/.exec(message) ?? [];
  if (resource !== undefined)
    return { kind: "too large", summary: `needs more ${resource} than the queue's ${capacity ?? "quota"}` };
  const unknown = /resource (\S+) unavailable in ClusterQueue/.exec(message)?.[1];
  return unknown === undefined ? undefined : { kind: "too large", summary: `queue has no quota for ${unknown}` };
}

function describeQueue(message: string): QueueVerdict | undefined {
  const [, queue, state] = /(?:Local|Cluster)Queue (\S+) (doesn't exist|is inactive|is stopped)/.exec(message) ?? [];
  if (queue === undefined) return undefined;
  return { kind: "queue", summary: `queue ${queue} ${state === "doesn't exist" ? "does not exist" : (state ?? "")}` };
}

function describeTopology(message: string): QueueVerdict | undefined {
  const taint = /untolerated taint \{([^ :}]+)/.exec(message)?.[1];
  if (taint !== undefined) return { kind: "taint", summary: `no node with ${deviceResource} untainted (${taint})` };
  const fits = /topology "[^"]+" (?:doesn't allow to fit|allows to fit only (\d+) out of (\d+))/.exec(message);
  if (fits === null) return undefined;
  const [, some, all] = fits;
  if (some !== undefined) return { kind: "no room", summary: `free nodes for ${some} of ${all ?? ""} pods` };
  // Kueue 0.15 counts no causes
  if (!message.includes("Total nodes:"))
    return { kind: "no room", summary: "no node fits; this Kueue does not say why" };
  return summarizeExclusions(parseTopologyMessage(message), true);
}

/** Reads the message with which Kueue refuses to reserve quota. */
function describePendingQuota(message: string, { clusterQueues }: ClusterSnapshot): QueueVerdict {
  return (
    describeQueue(message) ??
    describeExcess(message) ??
    describeTopology(message) ??
    describeQuota(message, clusterQueues) ?? { kind: "quota", summary: `waits for quota: ${truncateMessage(message)}` }
  );
}

const evictionKinds: Readonly<Record<string, readonly [WaitingKind, string]>> = {
  Preempted: ["preempted", "preempted; waits for quota again"],
  PodsReadyTimeout: ["evicted", "evicted: its pods were not ready in time"],
  ClusterQueueStopped: ["queue", "queue is stopped"],
  LocalQueueStopped: ["queue", "queue is stopped"],
  NodeFailures: ["evicted", "evicted after a node failure"],
};

function describeEviction(reason: string, message: string): QueueVerdict {
  const [kind, summary] = evictionKinds[reason] ?? (["evicted", `evicted: ${truncateMessage(message)}`] as const);
  return { kind, summary };
}

/** Reads a Workload that is not finished; undefined once Kueue lets its pods go, and before Kueue has looked at it. */
function describeWorkload(workload: WorkloadObject, snapshot: ClusterSnapshot): WaitingReason | undefined {
  const evicted = findTrueCondition(workload, "Evicted");
  const quota = findCondition(workload, "QuotaReserved");
  const object = { kind: "Workload", name: getObjectName(workload) };
  const buildReason = (verdict: QueueVerdict, condition = evicted ?? quota): WaitingReason => ({
    ...verdict,
    source: "Kueue",
    message: getConditionText(condition),
    object,
    since: getConditionTime(condition),
  });
  if (workload.spec?.active === false) return buildReason({ kind: "deactivated", summary: "deactivated in Kueue" });
  if (evicted !== undefined) return buildReason(describeEviction(evicted.reason ?? "", getConditionText(evicted)));
  if (isWaitingForQuota(workload))
    return quota && buildReason(describePendingQuota(getConditionText(quota), snapshot), quota);
  const admitted = findCondition(workload, "Admitted");
  if (admitted === undefined || admitted.status === "True") return undefined;
  return buildReason({ kind: "admission check", summary: "waits for an admission check of its queue" }, admitted);
}

function buildPodReason(pod: PodObject, more: QueueVerdict & Pick<WaitingReason, "message">): WaitingReason {
  return { source: "Kueue", object: { kind: "Pod", name: getObjectName(pod) }, since: getCreationTime(pod), ...more };
}

/** The reason of a pod with a gate of Kueue and without a Workload that waits. */
function findGateReason(pod: PodObject, snapshot: ClusterSnapshot): WaitingReason | undefined {
  const gates = (pod.spec?.schedulingGates ?? []).map(({ name }) => name);
  const [workload] = listPodWorkloads(snapshot, [pod]);
  const admitted = findTrueCondition(workload, "Admitted");
  const message = `the pod has the scheduling gate ${gates.join(", ")}`;
  const since = getConditionTime(admitted) ?? getCreationTime(pod);
  const isRecent = since !== null && !isOverdue(since, snapshot.now);
  const isTopologyOnly = gates.length > 0 && gates.every((name) => name.endsWith("/topology"));
  if (isTopologyOnly || admitted !== undefined)
    return isRecent
      ? undefined
      : {
          ...buildPodReason(pod, { kind: "not placed", summary: "admitted, not placed by Kueue yet", message }),
          since,
        };
  const isKueueUnread = snapshot.unread.some(({ resource }) => resource === getResourceName("workload"));
  if (workload !== undefined || isKueueUnread || !isOverdue(since, snapshot.now)) return undefined;
  return buildPodReason(pod, { kind: "not queued", summary: "Kueue has no Workload for it", message });
}

const uncountedSummary = "no quota holds it back: Kueue does not see pods of its queue";

/** The reason of a pod that Kueue should hold back. It competes for devices with work that Kueue has admitted. */
function describeUncountedPod(pod: PodObject): WaitingReason {
  const queue = getObjectLabel(pod, queueLabel) ?? "";
  const message = `the pod names the queue ${queue}, and has neither a scheduling gate nor a label of Kueue`;
  return buildPodReason(pod, { kind: "not queued", summary: uncountedSummary, message });
}

/** Lists the pods without a node that Kueue should hold back. A Workload of the run would hold back all of them. */
function listUncountedPods({ pods, workloads }: RunObjects): PodObject[] {
  if (workloads.length > 0) return [];
  return pods.filter((pod) => isPodPending(pod) && isPodUncounted(pod) && pod.spec?.nodeName === undefined);
}

/** Finds the reason why Kueue holds back a run, or does not although it should. */
export function findQueueReason(run: RunObjects, snapshot: ClusterSnapshot): WaitingReason | undefined {
  const { pods, workloads } = run;
  const open = workloads.filter((workload) => findTrueCondition(workload, "Finished") === undefined);
  const reasons = [
    ...open.map((workload) => describeWorkload(workload, snapshot)),
    ...pods.filter((pod) => isPodPending(pod) && isPodQueued(pod)).map((pod) => findGateReason(pod, snapshot)),
    ...listUncountedPods(run).map(describeUncountedPod),
  ];
  return reasons.find((reason) => reason !== undefined);
}
