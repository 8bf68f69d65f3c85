import { emptyEvidence } from "./apiObjects.ts";
import type {
  ApiObject,
  ClaimObject,
  ClusterQueueObject,
  EventObject,
  NodeObject,
  PodObject,
  UnreadKind,
  WaitingEvidence,
  WorkloadObject,
} from "./apiObjects.ts";
import { getStatusCode } from "./apiErrors.ts";
import { getEventTime } from "./objectEvents.ts";
import { getResourceName, getResourcePath } from "./objectKinds.ts";
import type { ObjectLister } from "./objectQuery.ts";
import { findUnschedulableCondition, isPodFailed, isPodReady } from "./podStatus.ts";
import { findMarkKey } from "./requiredMark.ts";
import { isWaitingForQuota } from "./workloadConditions.ts";

/** A refused kind is not requested again for this long, so that the polls of `watch` do not repeat the refusal. */
const refusalMilliseconds = 60_000;
/** The versions of Kueue's API, the preferred one first: Kueue before 0.15 does not have the second version. */
const kueueVersions = [getResourcePath("workload").version, "v1beta1"];

function classifyRefusal(error: unknown): UnreadKind["cause"] {
  const code = getStatusCode(error);
  // 401 refuses the user and not the kind, and an error without a code is that of a network
  if (code === undefined || code === 401) throw error;
  return code === 403 ? "not allowed" : code === 404 ? "not installed" : "failed";
}

const noObjects: readonly never[] = [];

/** Creates a lister of kinds that a user may lack: a refused one is an empty list, and is recorded in `unread`. */
function createOptionalLister() {
  const refusals = new Map<string, UnreadKind & { readonly end: number }>();
  const list = async <T>(resource: string, request: () => Promise<readonly T[]>): Promise<readonly T[]> => {
    const refusal = refusals.get(resource);
    if (refusal !== undefined && Date.now() < refusal.end) return noObjects;
    try {
      const items = await request();
      refusals.delete(resource);
      return items;
    } catch (error) {
      const cause = classifyRefusal(error);
      refusals.set(resource, { resource, cause, end: Date.now() + refusalMilliseconds });
      return noObjects;
    }
  };
  return {
    list,
    listUnread: (): UnreadKind[] => [...refusals.values()].map(({ resource, cause }) => ({ resource, cause })),
  };
}

/** Creates a lister that tries Kueue's versions and remembers the one that the server has. */
function createKueueLister(list: ObjectLister) {
  let served: string | null = null;
  return async <T extends ApiObject>(buildPath: (version: string) => string): Promise<readonly T[]> => {
    for (const version of served === null ? kueueVersions : [served]) {
      try {
        const items = await list<T>({ path: buildPath(version) });
        served = version;
        return items;
      } catch (error) {
        if (getStatusCode(error) !== 404 || version === kueueVersions.at(-1)) throw error;
      }
    }
    throw new Error("Kueue serves none of the versions"); // unreachable: the last version returns or throws
  };
}

/** Keeps the newest event of each object and reason. */
function selectNewestEvents(events: readonly EventObject[]): EventObject[] {
  const newest = new Map<string, EventObject>();
  for (const event of events) {
    const { kind = "", name = "" } = event.involvedObject;
    const key = `${kind}/${name}/${event.reason ?? ""}`;
    const known = newest.get(key);
    if (known === undefined || getEventTime(event) >= getEventTime(known)) newest.set(key, event);
  }
  return [...newest.values()].sort((a, b) => getEventTime(a) - getEventTime(b));
}

/** Creates a function that computes its result again only for another list. */
function rememberLast<T, Result>(compute: (list: readonly T[]) => Result): (list: readonly T[]) => Result {
  let last: { readonly list: readonly T[]; readonly result: Result } | undefined;
  return (list) => {
    if (last?.list !== list) last = { list, result: compute(list) };
    return last.result;
  };
}

export interface EvidenceOptions {
  /** Also events of the type Normal, which a single look can afford. */
  readonly allEvents?: boolean;
}

/** True if the pod's node may be lost: the pod is bound, has not ended, and is not ready or cannot be deleted. */
function mayHaveLostNode(pod: PodObject): boolean {
  const hasEnded = isPodFailed(pod) || pod.status?.phase === "Succeeded";
  const isDeleting = pod.metadata?.deletionTimestamp !== undefined;
  return pod.spec?.nodeName !== undefined && (isDeleting || (!hasEnded && !isPodReady(pod)));
}

/** True if taints keep the pod from nodes: the scheduler counts them, and only the nodes have their names. */
function meetsTaints(pod: PodObject): boolean {
  return findUnschedulableCondition(pod)?.message?.includes("taint") ?? false;
}

/** True if the pod has no node yet and goes only to one that passed preflight. */
function awaitsTestedNode(pod: PodObject): boolean {
  return pod.spec?.nodeName === undefined && findMarkKey(pod.spec?.affinity) !== undefined;
}

/**
 * Creates a reader of the objects that say why work waits: nodes and ClusterQueues only while a pod or a workload needs
 * them. A kind that the cluster lacks or refuses is recorded in `unread`.
 */
export function createEvidenceReader(listObjects: ObjectLister, namespace: string, options: EvidenceOptions = {}) {
  const { list, listUnread } = createOptionalLister();
  const listKueue = createKueueLister(listObjects);
  const keepNewestEvents = rememberLast(selectNewestEvents);
  const { group, plural } = getResourcePath("workload");
  const queuePlural = "clusterqueues";
  // they only add numbers to a reason that is known without them, so that their absence is not reported
  const queueResource = `${queuePlural}.${group}`;
  const inNamespace = `/api/v1/namespaces/${namespace}`;
  const listWorkloads = () =>
    listKueue<WorkloadObject>((version) => `/apis/${group}/${version}/namespaces/${namespace}/${plural}`);
  const listClusterQueues = () =>
    listKueue<ClusterQueueObject>((version) => `/apis/${group}/${version}/${queuePlural}`);
  const eventQuery = { path: `${inNamespace}/events`, ...(options.allEvents ? {} : { fieldSelector: "type=Warning" }) };
  const listClaims = () => listObjects<ClaimObject>({ path: `${inNamespace}/persistentvolumeclaims` });
  return async (pods: readonly PodObject[]): Promise<WaitingEvidence> => {
    const needsNodes = pods.some((pod) => mayHaveLostNode(pod) || meetsTaints(pod) || awaitsTestedNode(pod));
    const [workloads, allEvents, claims, nodes] = await Promise.all([
      list(getResourceName("workload"), listWorkloads),
      list("events", () => listObjects<EventObject>(eventQuery)),
      list("persistentvolumeclaims", listClaims),
      needsNodes ? list("nodes", () => listObjects<NodeObject>({ path: "/api/v1/nodes" })) : emptyEvidence.nodes,
    ]);
    const needsQueues = workloads.some(isWaitingForQuota);
    const clusterQueues = needsQueues ? await list(queueResource, listClusterQueues) : emptyEvidence.clusterQueues;
    const unread = listUnread().filter(({ resource }) => resource !== queueResource);
    const knowsNodes = nodes !== null && !unread.some(({ resource }) => resource === "nodes");
    const events = keepNewestEvents(allEvents);
    return { workloads, clusterQueues, events, claims, nodes: knowsNodes ? nodes : null, unread };
  };
}

/** One line about the kinds that could not be read; null if there are none. */
export function formatUnreadKinds(unread: readonly UnreadKind[]): string | null {
  const causes = Map.groupBy(unread, ({ cause }) => cause);
  const parts = [...causes].map(([cause, kinds]) => {
    const resources = kinds.map(({ resource }) => resource).join(", ");
    if (cause === "not allowed") return `this user may not list ${resources}`;
    return cause === "not installed"
      ? `the cluster does not have ${resources}`
      : `the cluster failed to list ${resources}`;
  });
  return parts.length === 0 ? null : `Some reasons for waiting are unknown: ${parts.join("; ")}`;
}
