import { isCustomResourceDefinition, formatReference } from "./objectKind.ts";
import type { ObjectReference } from "./objectKind.ts";
import { getListAt, getTextAt } from "../protocol/propertyValues.ts";
import type { Properties } from "../protocol/propertyValues.ts";
import { isAnnotationSet } from "./objectMetadata.ts";
import type { ProviderCluster } from "./providerCluster.ts";
import { computeOutageSeconds, computeRetrySeconds, isForbiddenError } from "./providerErrors.ts";
import { formatConditions, checkWaitForCondition, checkReadiness } from "./readiness.ts";
import type { Readiness } from "./readiness.ts";
import { generatePauses, sleepUnlessCancelled } from "./retry.ts";

const defaultTimeoutSeconds = 600;

/** Returns the seconds to wait for an object: customTimeouts, else `pulumi.com/timeoutSeconds`, else ten minutes. */
export function chooseTimeout(inputs: Properties, custom: number): number {
  const annotated = Number(getTextAt(inputs, "metadata", "annotations", "pulumi.com/timeoutSeconds"));
  if (custom > 0) return custom;
  return annotated > 0 ? annotated : defaultTimeoutSeconds;
}

function determineReadiness(live: Properties, inputs: Properties): Readiness {
  const waitFor = getTextAt(inputs, "metadata", "annotations", "pulumi.com/waitFor");
  return waitFor.startsWith("condition=") ? checkWaitForCondition(live, waitFor) : checkReadiness(live);
}

/** The object did not become ready; `lastSeen` is its last known state. */
export class ObjectNotReadyError extends Error {
  readonly lastSeen: Properties;

  constructor(message: string, lastSeen: Properties) {
    super(message);
    this.lastSeen = lastSeen;
  }
}

interface ReadinessWait {
  readonly identity: ObjectReference;
  readonly inputs: Properties;
  readonly live: Properties;
  /** Seconds to wait. */
  readonly timeout: number;
  readonly urn: string;
}

/**
 * Waits until the object is ready and returns its state then.
 * @throws ObjectNotReadyError with its conditions and its latest warning events
 */
export async function awaitReady(
  cluster: ProviderCluster,
  { identity, inputs, live, timeout, urn }: ReadinessWait,
): Promise<Properties> {
  // A definition is always awaited: its custom resources cannot be created before it is ready.
  if (isAnnotationSet(inputs, "pulumi.com/skipAwait") && !isCustomResourceDefinition(inputs)) return live;
  const end = Date.now() + timeout * 1000;
  const pauses = generatePauses(100);
  for (let lastSeen = live; ; lastSeen = await fetchLatest(cluster, identity, { lastSeen, urn })) {
    const readiness = determineReadiness(lastSeen, inputs);
    if (readiness.state === "ready") return lastSeen;
    const { reason } = readiness;
    if (readiness.state === "failed")
      throw await buildNotReadyError(cluster, identity, {
        lastSeen,
        summary: `${formatReference(identity)} failed: ${reason}`,
      });
    const summary = `${formatReference(identity)} is not ready after ${timeout} s: ${reason}`;
    if (Date.now() >= end) throw await buildNotReadyError(cluster, identity, { lastSeen, summary });
    cluster.log({ severity: "info", text: reason, urn, status: true });
    await sleepUnlessCancelled(Math.min(pauses.next().value, 1000, Math.max(end - Date.now(), 1)), cluster.cancel);
  }
}

/** Returns the current object, or `lastSeen` while the API server is briefly unreachable or busy. */
async function fetchLatest(
  cluster: ProviderCluster,
  identity: ObjectReference,
  { lastSeen, urn }: { lastSeen: Properties; urn: string },
): Promise<Properties> {
  const fetchOrKeep = async () => {
    try {
      return await cluster.findLiveObject(identity);
    } catch (error) {
      if (computeRetrySeconds(error) === 0 || isForbiddenError(error)) throw error;
      cluster.announceOutage(error, urn);
      return lastSeen;
    }
  };
  // Unlike the others, a missing right does not appear as the reason why the object is not ready.
  const live = await cluster.retryForResource(urn, fetchOrKeep, computeOutageSeconds);
  if (live !== undefined) return live;
  const reference = formatReference(identity);
  throw new ObjectNotReadyError(`${reference} was deleted by someone else before it became ready.`, lastSeen);
}

async function buildNotReadyError(
  cluster: ProviderCluster,
  identity: ObjectReference,
  { lastSeen, summary }: { lastSeen: Properties; summary: string },
): Promise<ObjectNotReadyError> {
  const events = await formatLatestWarnings(cluster, identity).catch(() => []);
  const lines = [summary, ...formatConditions(lastSeen), ...events];
  const hint =
    "The next `up` waits again. The annotation `pulumi.com/timeoutSeconds` sets another limit; " +
    '`pulumi.com/skipAwait: "true"` turns waiting off.';
  return new ObjectNotReadyError([...lines, hint].join("\n  "), lastSeen);
}

/** Formats the five latest warnings about the object or what it owns (its pods carry its name as a prefix). */
async function formatLatestWarnings(cluster: ProviderCluster, { namespace, name }: ObjectReference): Promise<string[]> {
  const events = await (await cluster.openDynamicClient()).listWarningEvents(namespace);
  const readEventSubject = (event: Properties) => getTextAt(event, "involvedObject", "name");
  const readEventTime = (event: Properties) =>
    getTextAt(event, "lastTimestamp") ||
    getTextAt(event, "eventTime") ||
    getTextAt(event, "metadata", "creationTimestamp");
  const related = events.filter(
    (event) => readEventSubject(event) === name || readEventSubject(event).startsWith(`${name}-`),
  );
  const latest = related.sort((one, other) => readEventTime(one).localeCompare(readEventTime(other), "en")).slice(-5);
  return latest.map(
    (event) => `warning ${getTextAt(event, "reason")} on ${readEventSubject(event)}: ${getTextAt(event, "message")}`,
  );
}

interface DeletionWait {
  /** The uid of the deleted object; "" if unknown. */
  readonly uid: string;
  /** Seconds to wait. */
  readonly timeout: number;
  readonly urn: string;
}

/**
 * Waits until the object is gone or replaced by another one of the same name.
 * @throws Error after `timeout` seconds, with the finalizers that hold the object
 */
export async function awaitGone(
  cluster: ProviderCluster,
  identity: ObjectReference,
  { uid, timeout, urn }: DeletionWait,
): Promise<void> {
  const end = Date.now() + timeout * 1000;
  for (const next of generatePauses(50)) {
    const live = await cluster.retryForResource(urn, () => cluster.findLiveObject(identity));
    if (live === undefined || (uid !== "" && getTextAt(live, "metadata", "uid") !== uid)) return;
    const cause = `held by its finalizers ${JSON.stringify(getListAt(live, "metadata", "finalizers"))}`;
    if (Date.now() >= end) throw new Error(explainPendingDeletion(identity, { live, cause, timeout }));
    cluster.log({ severity: "info", text: cause, urn, status: true });
    await sleepUnlessCancelled(Math.min(next, 1000), cluster.cancel);
  }
}

function explainPendingDeletion(
  identity: ObjectReference,
  { live, cause, timeout }: { live: Properties; cause: string; timeout: number },
): string {
  const summary = `${formatReference(identity)} still exists ${timeout} s after its deletion was requested: ${cause}.`;
  const hint = "The controllers that remove the finalizers must be running; the next `destroy` waits again.";
  return [summary, ...formatConditions(live), hint].join("\n  ");
}
