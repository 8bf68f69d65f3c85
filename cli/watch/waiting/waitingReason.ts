import type { ObjectCondition } from "../../kubernetes/apiObjects.ts";
import { parseMilliseconds } from "../../kubernetes/apiObjects.ts";

/** The cause, which decides the advice. */
export type WaitingKind =
  | "node lost"
  | "broken node"
  | "refused"
  | "no controller"
  | "suspended"
  | "deactivated"
  | "preempted"
  | "evicted"
  | "queue"
  | "quota"
  | "too large"
  | "not placed"
  | "not queued"
  | "admission check"
  | "volume"
  | "taint"
  | "no room"
  | "no node"
  | "preflight"
  | "image"
  | "container"
  | "mount"
  | "sandbox"
  | "crash loop"
  | "kubelet refusal";

/** The program that gives the reason. */
type ReasonSource = "Kueue" | "scheduler" | "kubelet" | "controller" | "node controller" | "pod";

/** The one reason that blocks a run. */
export interface WaitingReason {
  readonly kind: WaitingKind;
  readonly source: ReasonSource;
  /** A few words, the most telling ones first, such as `volume store not bound`. */
  readonly summary: string;
  /** The cluster's own words; may be empty. */
  readonly message: string;
  /** Kind and name of the object that has the reason, such as `Pod` and its name. */
  readonly object: { readonly kind: string; readonly name: string };
  /** Milliseconds since 1970; null if unknown. */
  readonly since: number | null;
}

/** A controller or queue that has not reacted after this long is taken to be missing. */
const patienceMilliseconds = 180_000;

/** True if more than three minutes have passed since the time; false for an unknown time. */
export function isOverdue(since: number | null, now: number): boolean {
  return since !== null && now - since > patienceMilliseconds;
}

/** The message of a condition, or its reason where it has none. */
export function getConditionText(condition: ObjectCondition | undefined): string {
  return condition?.message || condition?.reason || "";
}

export function getConditionTime(condition: ObjectCondition | undefined): number | null {
  return parseMilliseconds(condition?.lastTransitionTime);
}

const longestSentence = 70;

/** The first sentence of a message, shortened to fit beside other words. */
export function truncateMessage(message: string): string {
  const sentence = message.split(/\n|\. /)[0]?.trim() ?? "";
  return sentence.length > longestSentence ? `${sentence.slice(0, longestSentence - 1)}…` : sentence;
}
