import { isCustomResourceDefinition, isAnnotated, printIdentity } from "./kind.ts";
import type { Identity } from "./kind.ts";
import { listAt, textAt } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";
import type { Cluster } from "./cluster.ts";
import { patience } from "./failure.ts";
import { conditionLines, conditionReadiness, readiness } from "./ready.ts";
import type { Readiness } from "./ready.ts";
import { growingPauses, pause } from "./wait.ts";

const defaultTimeout = 600;

/** Seconds to wait for an object: customTimeouts, else annotation `pulumi.com/timeoutSeconds`, else ten minutes. */
export function timeoutOf(inputs: Properties, custom: number): number {
  const annotated = Number(textAt(inputs, "metadata", "annotations", "pulumi.com/timeoutSeconds"));
  if (custom > 0) return custom;
  return annotated > 0 ? annotated : defaultTimeout;
}

function readinessOf(live: Properties, inputs: Properties): Readiness {
  const waitFor = textAt(inputs, "metadata", "annotations", "pulumi.com/waitFor");
  return waitFor.startsWith("condition=") ? conditionReadiness(live, waitFor) : readiness(live);
}

/** The object did not become ready. `live` is how it was last seen. */
export class Unready extends Error {
  readonly live: Properties;

  constructor(message: string, live: Properties) {
    super(message);
    this.live = live;
  }
}

export interface Awaited {
  identity: Identity;
  inputs: Properties;
  live: Properties;
  timeout: number;
  urn: string;
}

/** Waits until the object is ready and returns it as it then is. Errors: Unready, with what is known of the cause. */
export async function awaitReady(cluster: Cluster, { identity, inputs, live, timeout, urn }: Awaited): Promise<Properties> {
  // A definition is always awaited: its custom resources cannot be made before.
  if (isAnnotated(inputs, "pulumi.com/skipAwait") && !isCustomResourceDefinition(inputs)) return live;
  const end = Date.now() + timeout * 1000;
  const pauses = growingPauses(100);
  for (let seen = live; ; seen = await look(cluster, identity, seen)) {
    const now = readinessOf(seen, inputs);
    if (now.state === "ready") return seen;
    if (now.state === "failed") throw await unready(cluster, identity, { seen, head: `${printIdentity(identity)} failed: ${now.because}` });
    const head = `${printIdentity(identity)} is not ready after ${timeout} s: ${now.because}`;
    if (Date.now() >= end) throw await unready(cluster, identity, { seen, head });
    cluster.log({ severity: "info", text: now.because, urn, status: true });
    await pause(Math.min(pauses.next().value, 1000, Math.max(end - Date.now(), 1)), cluster.cancel);
  }
}

/** The object now; as it was, when the API server is away or busy for a moment. */
async function look(cluster: Cluster, identity: Identity, before: Properties): Promise<Properties> {
  try {
    const live = await cluster.find(identity);
    if (live !== undefined) return live;
  } catch (error) {
    if (patience(error) > 0) return before;
    throw error;
  }
  throw new Unready(`${printIdentity(identity)} was deleted by someone else while it was awaited.`, before);
}

async function unready(cluster: Cluster, identity: Identity, { seen, head }: { seen: Properties; head: string }): Promise<Unready> {
  const events = await warningLines(cluster, identity).catch(() => []);
  const lines = [head, ...conditionLines(seen), ...events];
  const hint = "The next `up` waits again. `pulumi.com/timeoutSeconds` waits longer, `pulumi.com/skipAwait: \"true\"` not at all.";
  return new Unready([...lines, hint].join("\n  "), seen);
}

/** The last warnings about the object or what it owns (its pods carry its name as a prefix). */
async function warningLines(cluster: Cluster, { namespace, name }: Identity): Promise<string[]> {
  const events = await (await cluster.objects()).warnings(namespace);
  const about = (event: Properties) => textAt(event, "involvedObject", "name");
  const time = (event: Properties) => textAt(event, "lastTimestamp") || textAt(event, "eventTime") || textAt(event, "metadata", "creationTimestamp");
  const ours = events.filter((event) => about(event) === name || about(event).startsWith(`${name}-`));
  const latest = ours.sort((one, other) => time(one).localeCompare(time(other))).slice(-5);
  return latest.map((event) => `warning ${textAt(event, "reason")} on ${about(event)}: ${textAt(event, "message")}`);
}

export interface Leaving {
  /** Of the object that goes; "" where it is not known. */
  uid: string;
  timeout: number;
  urn: string;
}

/** Waits until the object is gone, or another of the same name is there. Errors: what holds it, after `timeout` seconds. */
export async function awaitGone(cluster: Cluster, identity: Identity, { uid, timeout, urn }: Leaving): Promise<void> {
  const end = Date.now() + timeout * 1000;
  for (const next of growingPauses(50)) {
    const live = await cluster.patiently(urn, () => cluster.find(identity));
    if (live === undefined || (uid !== "" && textAt(live, "metadata", "uid") !== uid)) return;
    const held = `held by its finalizers ${JSON.stringify(listAt(live, "metadata", "finalizers"))}`;
    if (Date.now() >= end) throw new Error(stillThere(identity, { live, held, timeout }));
    cluster.log({ severity: "info", text: held, urn, status: true });
    await pause(Math.min(next, 1000), cluster.cancel);
  }
}

function stillThere(identity: Identity, { live, held, timeout }: { live: Properties; held: string; timeout: number }): string {
  const head = `${printIdentity(identity)} is still there ${timeout} s after its deletion was asked for: ${held}.`;
  return [head, ...conditionLines(live), "The controllers that remove them must run; the next `destroy` waits again."].join("\n  ");
}
