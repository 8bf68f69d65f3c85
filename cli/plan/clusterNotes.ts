import { formatCount } from "../terminal/formatList.ts";
import type { PlanOnCluster } from "./planOnCluster.ts";

/** Lists what a reader should know of the cluster of a plan, each followed by an empty line. */
export function listClusterNotes({ plan, cluster, emulated, nodesAssumed = false }: PlanOnCluster): string[] {
  const nodes = formatCount(plan.nodes, "node");
  return [
    ...(emulated ? ["this cluster's devices are emulated; the hours are those of real devices\n"] : []),
    ...(nodesAssumed ? [`${nodes} assumed: infra/Pulumi.${cluster}.yaml does not exist\n`] : []),
  ];
}
