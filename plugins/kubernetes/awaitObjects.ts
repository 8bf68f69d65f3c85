import { isCustomResourceDefinition, isAnnotationSet, formatReference } from "./objectKind.ts";
import type { ObjectReference } from "./objectKind.ts";
import { getListAt, getTextAt } from "../protocol/propertyValues.ts";
import type { Properties } from "../protocol/propertyValues.ts";
import type { ProviderCluster } from "./providerCluster.ts";
import { computeRetrySeconds } from "./providerErrors.ts";
import { formatConditions, checkWaitForCondition, checkReadiness } from "./readiness.ts";
import type { Readiness } from "./readiness.ts";
import { generatePauses, sleepUnlessCancelled } from "./retry.ts";

const defaultTimeoutSeconds = 600;

/** Seconds to wait for an object: customTimeouts, else annotation `pulumi.com/timeoutSeconds`, else ten minutes. */
export function chooseTimeout(inputs: Properties, custom: number): number {
  const annotated = Number(getTextAt(inputs, "metadata", "annotations", "pulumi.com/timeoutSeconds"));
  if (custom > 0) return custom;
  return annotated > 0 ? annotated : defaultTimeoutSeconds;
}

function determineReadiness(live: Properties, inputs: Properties): Readiness {
  const waitFor = getTextAt(inputs, "metadata", "annotations", "pulumi.com/waitFor");
  return waitFor.startsWith("condition=") ? checkWaitForCondition(live, waitFor) : checkReadiness(live);
}

/** The object did not become ready. `live` is how it was last seen. */
export class ObjectNotReadyError extends Error {
  readonly lastSeen: Properties;

  constructor(message: string, live: Properties) {
    super(message);
    this.lastSeen = live;
  }
}

export interface ReadinessWait {
  readonly identity: ObjectReference;
  readonly inputs: Properties;
  readonly live: Properties;
  readonly timeout: number;
  readonly urn: string;
}

/** Waits until the object is ready and returns it as it then is. Errors: Unready, with what is known of the cause. */
export async function awaitReady(
  cluster: ProviderCluster,
  { identity, inputs, live, timeout, urn }: ReadinessWait,
): Promise<Properties> {
  // A definition is always awaited: its custom resources cannot be made before.
  if (isAnnotationSet(inputs, "pulumi.com/skipAwait") && !isCustomResourceDefinition(inputs)) return live;
  const end = Date.now() + timeout * 1000;
  const pauses = generatePauses(100);
  for (let seen = live; ; seen = await fetchLatest(cluster, identity, seen)) {
    const now = determineReadiness(seen, inputs);
    if (now.state === "ready") return seen;
    if (now.state === "failed")
      throw await buildNotReadyError(cluster, identity, {
        seen,
        head: `${formatReference(identity)} failed: ${now.because}`,
      });
    const head = `${formatReference(identity)} is not ready after ${timeout} s: ${now.because}`;
    if (Date.now() >= end) throw await buildNotReadyError(cluster, identity, { seen, head });
    cluster.log({ severity: "info", text: now.because, urn, status: true });
    await sleepUnlessCancelled(Math.min(pauses.next().value, 1000, Math.max(end - Date.now(), 1)), cluster.cancel);
  }
}

/** The object now; as it was, when the API server is away or busy for a moment. */
async function fetchLatest(
  cluster: ProviderCluster,
  identity: ObjectReference,
  before: Properties,
): Promise<Properties> {
  try {
    const live = await cluster.findLiveObject(identity);
    if (live !== undefined) return live;
  } catch (error) {
    if (computeRetrySeconds(error) > 0) return before;
    throw error;
  }
  throw new ObjectNotReadyError(
    `${formatReference(identity)} was deleted by someone else while it was awaited.`,
    before,
  );
}

async function buildNotReadyError(
  cluster: ProviderCluster,
  identity: ObjectReference,
  { seen, head }: { seen: Properties; head: string },
): Promise<ObjectNotReadyError> {
  const events = await formatLatestWarnings(cluster, identity).catch(() => []);
  const lines = [head, ...formatConditions(seen), ...events];
  const hint =
    'The next `up` waits again. `pulumi.com/timeoutSeconds` waits longer, `pulumi.com/skipAwait: "true"` not at all.';
  return new ObjectNotReadyError([...lines, hint].join("\n  "), seen);
}

/** The last warnings about the object or what it owns (its pods carry its name as a prefix). */
async function formatLatestWarnings(cluster: ProviderCluster, { namespace, name }: ObjectReference): Promise<string[]> {
  const events = await (await cluster.openDynamicClient()).listWarningEvents(namespace);
  const readEventSubject = (event: Properties) => getTextAt(event, "involvedObject", "name");
  const readEventTime = (event: Properties) =>
    getTextAt(event, "lastTimestamp") ||
    getTextAt(event, "eventTime") ||
    getTextAt(event, "metadata", "creationTimestamp");
  const ours = events.filter(
    (event) => readEventSubject(event) === name || readEventSubject(event).startsWith(`${name}-`),
  );
  const latest = ours.sort((one, other) => readEventTime(one).localeCompare(readEventTime(other))).slice(-5);
  return latest.map(
    (event) => `warning ${getTextAt(event, "reason")} on ${readEventSubject(event)}: ${getTextAt(event, "message")}`,
  );
}

export interface DeletionWait {
  /** Of the object that goes; "" where it is not known. */
  readonly uid: string;
  readonly timeout: number;
  readonly urn: string;
}

/** Waits until the object is gone, or another of the same name is there. Errors: what holds it, after `timeout` seconds. */
export async function awaitGone(
  cluster: ProviderCluster,
  identity: ObjectReference,
  { uid, timeout, urn }: DeletionWait,
): Promise<void> {
  const end = Date.now() + timeout * 1000;
  for (const next of generatePauses(50)) {
    const live = await cluster.retryForResource(urn, () => cluster.findLiveObject(identity));
    if (live === undefined || (uid !== "" && getTextAt(live, "metadata", "uid") !== uid)) return;
    const held = `held by its finalizers ${JSON.stringify(getListAt(live, "metadata", "finalizers"))}`;
    if (Date.now() >= end) throw new Error(explainPendingDeletion(identity, { live, held, timeout }));
    cluster.log({ severity: "info", text: held, urn, status: true });
    await sleepUnlessCancelled(Math.min(next, 1000), cluster.cancel);
  }
}

function explainPendingDeletion(
  identity: ObjectReference,
  { live, held, timeout }: { live: Properties; held: string; timeout: number },
): string {
  const head = `${formatReference(identity)} is still there ${timeout} s after its deletion was asked for: ${held}.`;
  return [
    head,
    ...formatConditions(live),
    "The controllers that remove them must run; the next `destroy` waits again.",
  ].join("\n  ");
}
