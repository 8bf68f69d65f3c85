import type { PreflightNode } from "../kubernetes/preflightObjects.ts";

/**
 * Selects the nodes to test: all that have devices and accept work, or those that the user names, which may be in
 * quarantine: a test shows whether a node is repaired.
 * @throws Error for names without devices, for cordoned nodes that were named, and if no node is left
 */
export function selectNodes(nodes: readonly PreflightNode[], wanted: readonly string[] | undefined): string[] {
  const allowed = nodes.filter(({ cordoned }) => !cordoned);
  const names = allowed.map(({ name }) => name);
  if (wanted !== undefined) refuseNodes(nodes, wanted, names);
  const selected = wanted ?? allowed.filter(({ quarantine }) => quarantine === undefined).map(({ name }) => name);
  if (selected.length === 0) throw new Error(`preflight: ${explainNoNode(nodes, names)}`);
  return [...new Set(selected)].sort();
}

function refuseNodes(nodes: readonly PreflightNode[], wanted: readonly string[], allowed: readonly string[]): void {
  const problems = [...new Set(wanted)]
    .filter((name) => !allowed.includes(name))
    .map((name) => explainNode(name, nodes));
  if (problems.length > 0) throw new Error(`--nodes: ${problems.join("; ")}; allowed: ${allowed.join(", ") || "none"}`);
}

function explainNode(name: string, nodes: readonly PreflightNode[]): string {
  return nodes.some((node) => node.name === name) ? `${name} is cordoned` : `"${name}" is not a node with GPUs`;
}

function explainNoNode(nodes: readonly PreflightNode[], allowed: readonly string[]): string {
  if (nodes.length === 0) return "no node advertises amd.com/gpu; install AMD's device plugin, see docs/cluster.md";
  return allowed.length === 0
    ? "all nodes with GPUs are cordoned; uncordon some with kubectl uncordon NODE"
    : `all nodes that are not cordoned are in quarantine; test them with --nodes ${allowed.join(",")}`;
}
