import type { ClusterSnapshot } from "../kubernetes/apiObjects.ts";

/** The objects on a cluster, or the reason, in one line, why they are unknown. */
export type ClusterReading =
  | { readonly snapshot: ClusterSnapshot; readonly unavailable?: never }
  | { readonly unavailable: string; readonly snapshot?: never };

/** A cluster's name in messages; states of before names were recorded may lack it. */
export function formatClusterName(name: string | undefined): string {
  return name === undefined ? "a cluster that the state does not name" : `cluster "${name}"`;
}
