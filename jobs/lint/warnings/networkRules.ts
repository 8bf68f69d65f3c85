import type { LintCell, LintRule } from "./lintRule.ts";
import { checkCellByCell } from "./lintRule.ts";

function formatSeconds(seconds: number): string {
  return `${seconds.toPrecision(3)} s`;
}

/**
 * Explains that a step waits for the network between nodes even if all communication overlaps with compute: sending
 * takes longer than computing at the fast end.
 */
function explainNetworkBound({ step }: LintCell): string | undefined {
  const { network, compute, utilization, networkName, networkGBs } = step;
  if (step.boundBy !== "network between nodes") return undefined;
  return (
    `the network between nodes bounds the training: a step sends for ${formatSeconds(network)} at ` +
    `${String(networkGBs)} GB/s per node (${networkName}) and computes for ${formatSeconds(compute.low)}, so at most ` +
    `${(100 * utilization.high).toFixed(1)} % of the peak is used; use fewer nodesPerCell, another mixcpt:execution ` +
    "(larger microBatch, zero: hpz or 2), or a faster network (network in the cluster's file)"
  );
}

export const boundByTheNetwork: LintRule = {
  name: "bound-by-the-network",
  severity: "error",
  check: checkCellByCell(explainNetworkBound),
};
