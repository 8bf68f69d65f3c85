import { findBarrier } from "../../infra/platform/nodeReach.ts";
import { deviceIdLabel } from "../../jobs/hardware/gpuCatalog.ts";
import type { ClusterPods } from "../../jobs/kube/podSettings.ts";
import type { PreflightNode } from "../kubernetes/preflightObjects.ts";

/** What the pods of preflight, which are those of a training with another program, ask of a node. */
export interface NodeDemand {
  /** The PCI ids of the devices in the cluster's file. */
  readonly deviceIds: readonly string[];
  readonly pods: ClusterPods;
}

function findOtherDevices({ labels }: PreflightNode, deviceIds: readonly string[]): string | undefined {
  const id = labels[deviceIdLabel];
  if (id === undefined) return `has no label ${deviceIdLabel}, which AMD's node labeller sets`;
  return deviceIds.includes(id) ? undefined : `has devices of id ${id}, not ${deviceIds.join(" or ")}`;
}

/** Finds why the pods of preflight can never run on a node: its devices, its labels or its taints. */
function findExclusion(node: PreflightNode, { deviceIds, pods }: NodeDemand): string | undefined {
  return findOtherDevices(node, deviceIds) ?? findBarrier(node, "training", pods);
}

/** Describes the nodes on which no pod of preflight can run, those with the same reason together. */
export function describeExcludedNodes(nodes: readonly PreflightNode[], demand: NodeDemand): string[] {
  const byReason = Map.groupBy(nodes, (node) => findExclusion(node, demand));
  return [...byReason].flatMap(([reason, excluded]) => {
    if (reason === undefined) return [];
    const names = excluded.map(({ name }) => name).join(", ");
    return `${names}: ${excluded.length === 1 ? "" : "each "}${reason}`;
  });
}

/**
 * Selects the nodes to test: all that pods of preflight can reach and that accept work, or those that the user names,
 * which may be in quarantine: a test shows whether a node is repaired.
 * @throws Error for names without such devices, for cordoned nodes that were named, and if no node is left
 */
export function selectNodes(
  nodes: readonly PreflightNode[],
  wanted: readonly string[] | undefined,
  demand: NodeDemand,
): string[] {
  const fitting = nodes.filter((node) => findExclusion(node, demand) === undefined);
  const allowed = fitting.filter(({ cordoned }) => !cordoned);
  const names = allowed.map(({ name }) => name);
  if (wanted !== undefined) refuseNodes(wanted, names, (name) => explainNode(name, nodes, demand));
  const selected = wanted ?? allowed.filter(({ quarantine }) => quarantine === undefined).map(({ name }) => name);
  if (selected.length > 0) return [...new Set(selected)].sort();
  const excludesAll = nodes.length > 0 && fitting.length === 0;
  throw new Error(`preflight: ${excludesAll ? explainExcludedNodes(nodes, demand) : explainNoNode(nodes, names)}`);
}

function refuseNodes(wanted: readonly string[], allowed: readonly string[], explain: (name: string) => string): void {
  const problems = [...new Set(wanted)].filter((name) => !allowed.includes(name)).map(explain);
  if (problems.length > 0) throw new Error(`--nodes: ${problems.join("; ")}; allowed: ${allowed.join(", ") || "none"}`);
}

function explainNode(name: string, nodes: readonly PreflightNode[], demand: NodeDemand): string {
  const node = nodes.find((candidate) => candidate.name === name);
  if (node === undefined) return `"${name}" is not a node with GPUs`;
  return `${name} ${findExclusion(node, demand) ?? "is cordoned"}`;
}

function explainExcludedNodes(nodes: readonly PreflightNode[], demand: NodeDemand): string {
  const reasons = describeExcludedNodes(nodes, demand).join("; ");
  return `no node fits the cluster's file (${reasons}); ./mixcpt doctor compares the nodes with it`;
}

function explainNoNode(nodes: readonly PreflightNode[], allowed: readonly string[]): string {
  if (nodes.length === 0)
    return "no node advertises amd.com/gpu; install AMD's device plugin, see docs/shared-clusters.md";
  return allowed.length === 0
    ? "all nodes with GPUs are cordoned; uncordon some with kubectl uncordon NODE"
    : `all nodes that are not cordoned are in quarantine; test them with --nodes ${allowed.join(",")}`;
}
