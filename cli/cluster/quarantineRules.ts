import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { isForeignCluster } from "../../infra/clusterConfig.ts";
import { findTolerance } from "../../infra/platform/nodeReach.ts";
import { getClusterPods } from "../../infra/podConfig.ts";
import { buildQuarantineTaint, quarantineTaint } from "../../jobs/kube/quarantine.ts";

export type QuarantineVerb = "quarantine" | "release";

interface QuarantineRequest {
  readonly cluster: string;
  readonly verb: QuarantineVerb;
  readonly nodes: readonly string[];
}

/** True if this project may taint the nodes: it made the cluster, or the owner of the nodes agrees in the file. */
export function mayTaintNodes(config: ClusterConfig): boolean {
  return !isForeignCluster(config) || (config.kind === "existing" && config.preflight?.cordon === true);
}

function formatTaintChange(verb: QuarantineVerb): string {
  const { value = "", effect } = buildQuarantineTaint("operator");
  return verb === "release" ? `${quarantineTaint}-` : `${quarantineTaint}=${value}:${effect}`;
}

/**
 * Refuses to taint nodes that are not this project's.
 * @throws Error with the commands for their operator
 */
export function refuseForeignNodes(config: ClusterConfig, { cluster, verb, nodes }: QuarantineRequest): void {
  if (mayTaintNodes(config)) return;
  throw new Error(
    [
      `cluster ${cluster} exists without this project, so its operator decides about nodes; the command for them:`,
      ...nodes.map((node) => `  kubectl taint node ${node} ${formatTaintChange(verb)} --overwrite`),
      ...(config.kind === "tenant"
        ? []
        : [`or let this command do it: preflight: { cordon: true } in infra/Pulumi.${cluster}.yaml`]),
    ].join("\n"),
  );
}

/** @throws Error with all names that are not nodes with GPUs, and those that are */
export function refuseUnknownNodes({ verb, nodes }: QuarantineRequest, known: readonly string[]): void {
  const unknown = nodes.filter((node) => !known.includes(node));
  if (unknown.length > 0)
    throw new Error(
      `cluster ${verb}: no node with GPUs is named ${unknown.join(", ")}; allowed: ${known.join(", ") || "none"}`,
    );
}

/** Warns of pods that a quarantine does not keep from a node, because the cluster's file lets them tolerate it. */
export function listTolerantPods(config: ClusterConfig): string[] {
  const pods = getClusterPods(config);
  return (["training", "evaluation"] as const)
    .filter((kind) => findTolerance(buildQuarantineTaint("operator"), pods[kind]) !== undefined)
    .map(
      (kind) => `${kind}.tolerations also tolerates ${quarantineTaint}: name the keys of the taints it is meant for`,
    );
}
