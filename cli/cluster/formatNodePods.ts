import type { EvictedPods } from "../kubernetes/evictedPods.ts";
import { formatFirstItems } from "../terminal/formatList.ts";

interface PodWords {
  /** The relation of the pods to the node, such as `run there`. */
  readonly verb: string;
  /** The words before the list of the pods. */
  readonly heading: string;
}

/** Formats the pods of a node that `cluster up` changes, in one line. */
export function formatNodePods(pods: EvictedPods, { verb, heading }: PodWords): string {
  if ("unavailable" in pods) return `unknown which pods ${verb}: ${pods.unavailable}`;
  return pods.length === 0 ? `no pods ${verb}` : `${heading}: ${formatFirstItems(pods, { limit: 8 })}`;
}
