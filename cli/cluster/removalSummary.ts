import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { formatCount, formatFirstItems } from "../terminal/formatList.ts";
import type { ClusterSurvey } from "./clusterSurvey.ts";
import type { DependentStack } from "./dependentStacks.ts";
import { formatActiveWorkloads } from "./refuseClusterInUse.ts";

interface ClusterRemoval extends ClusterSurvey {
  readonly kind: ClusterConfig["kind"];
  readonly stacks: readonly DependentStack[];
}

const maxListedNodes = 8;

const removedParts: Record<ClusterConfig["kind"], (nodes: string) => string> = {
  local: (nodes) => `${nodes} of this machine, with all that runs on them`,
  hosts: (nodes) => `Kubernetes and the platform from ${nodes}`,
  existing: (nodes) => `the platform (queues, runtime and what this stack installed) from a cluster of ${nodes}`,
  tenant: () => "the runtime and the account that this stack made in its namespace, and nothing else of the cluster",
};

function formatNodes({ nodes, kind }: ClusterRemoval): string {
  const noun = kind === "local" ? "local host" : "node";
  if (nodes.length === 0) return `its ${noun}s, whose number is unknown`;
  return `${formatCount(nodes.length, noun)} (${formatFirstItems(nodes, { limit: maxListedNodes })})`;
}

/** Lists what the removal of a cluster removes: nodes, stacks on it, and the unfinished work of anybody. */
export function formatClusterRemoval(command: string, removal: ClusterRemoval): string[] {
  const { kind, stacks, workloads, unavailable } = removal;
  const stackLines = stacks.map(
    ({ name, objects }) => `  stack ${name}: ${formatCount(objects, "object")} of its state`,
  );
  return [
    `${command} removes`,
    `  ${removedParts[kind](formatNodes(removal))}`,
    ...stackLines,
    ...(workloads.length > 0 ? ["  and ends", ...formatActiveWorkloads(workloads).map((line) => `  ${line}`)] : []),
    ...(unavailable === undefined ? [] : [`  unknown whether anything runs there: ${unavailable}`]),
    "the store keeps corpora, checkpoints and scores",
  ];
}
