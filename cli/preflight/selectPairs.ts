import type { ClusterPods } from "../../jobs/kube/podSettings.ts";
import type { NodePair } from "../../jobs/preflight/index.ts";
import { listAllPairs, pairNeighbors } from "../../jobs/preflight/index.ts";

/** True if the cluster's file says that no training uses several nodes: pairs would show a TCP that nothing needs. */
function trainsOnSingleNodes({ training }: ClusterPods): boolean {
  return training?.preset === "single-node";
}

/** Selects the pairs of nodes to test: none on a cluster whose trainings use one node each. */
export function selectPairs(
  nodes: readonly string[],
  { pods, allPairs }: { readonly pods: ClusterPods; readonly allPairs: boolean },
): NodePair[] {
  if (trainsOnSingleNodes(pods)) return [];
  return allPairs ? listAllPairs(nodes) : pairNeighbors(nodes);
}

/** Explains in a line why there are no pairs; nothing where there are some. */
export function explainMissingPairs(pods: ClusterPods): string[] {
  return trainsOnSingleNodes(pods)
    ? ["tests no pairs: with training.preset single-node no training uses the network between nodes"]
    : [];
}
