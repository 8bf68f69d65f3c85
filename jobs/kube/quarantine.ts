/**
 * The taint of a node that gets no new work until somebody releases it. Unlike a cordon it outlives a drain and an
 * upgrade, which uncordon nodes. Only the pods of preflight tolerate it, so that a repaired node can be tested.
 */
export const quarantineTaint = "mixcpt.io/quarantine";

/** Who put a node into quarantine: the value of the taint. */
export type QuarantineReason = "operator" | "preflight";

interface TaintFields {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect: string;
}

export function buildQuarantineTaint(reason: QuarantineReason): TaintFields {
  return { key: quarantineTaint, value: reason, effect: "NoSchedule" };
}

/** Finds the reason of a node's quarantine; undefined for a node that is in none. */
export function findQuarantine(taints: readonly TaintFields[] = []): string | undefined {
  const taint = taints.find(({ key }) => key === quarantineTaint);
  return taint && (taint.value ?? "");
}
