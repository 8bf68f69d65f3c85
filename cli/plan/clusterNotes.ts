import { describeClosedNodes } from "../preflight/describeClosedNodes.ts";
import { formatCount } from "../terminal/formatList.ts";
import type { PlanOnCluster } from "./planOnCluster.ts";

function describeQuarantine({ plan, cluster, unavailable }: PlanOnCluster): string[] {
  const { quarantined = [] } = unavailable ?? {};
  if (quarantined.length === 0) return [];
  return [
    `in quarantine: ${quarantined.join(", ")}, while the hours count on ${formatCount(plan.nodes, "node")}; ` +
      `once repaired, its operator runs ./mixcpt cluster release ${cluster} ${quarantined.join(" ")}\n`,
  ];
}

/** Lists what a reader should know of the cluster of a plan, each followed by an empty line. */
export function listClusterNotes(planOnCluster: PlanOnCluster): string[] {
  const { plan, cluster, emulated, nodesAssumed = false } = planOnCluster;
  const nodes = formatCount(plan.nodes, "node");
  return [
    ...(emulated ? ["this cluster's devices are emulated; the hours are those of real devices\n"] : []),
    ...(nodesAssumed ? [`${nodes} assumed: infra/Pulumi.${cluster}.yaml does not exist\n`] : []),
    ...describeQuarantine(planOnCluster),
    ...describeClosedNodes(cluster, planOnCluster.unavailable?.closed ?? []).map((line) => `${line}\n`),
  ];
}
