import { findQuarantine } from "../../jobs/kube/quarantine.ts";
import type { ReachedNode } from "./nodeReach.ts";

/** The reason why a node gets no work until somebody repairs or releases it. */
interface Unavailability {
  readonly kind: "quarantine" | "unavailable";
  readonly reason: string;
}

function explainQuarantine(author: string): string {
  return (
    `is in quarantine${author === "" ? "" : ` (by ${author})`} and gets no new work; once it is repaired and ` +
    "./mixcpt preflight with --nodes passes, its operator lets work in again with ./mixcpt cluster release"
  );
}

/** Explains a node that pods do not reach although its devices are the declared ones; undefined if they do. */
export function checkAvailability({
  taints,
  state,
}: Pick<ReachedNode, "taints"> & { readonly state: "ready" | "not ready" | "cordoned" }): Unavailability | undefined {
  const author = findQuarantine(taints);
  if (author !== undefined) return { kind: "quarantine", reason: explainQuarantine(author) };
  if (state === "ready") return undefined;
  const advice = state === "cordoned" ? "kubectl uncordon lets pods in again" : "kubectl describe node says why";
  return { kind: "unavailable", reason: `is ${state}; ${advice}` };
}
