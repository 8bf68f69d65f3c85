import type { PreflightNode } from "../kubernetes/preflightObjects.ts";

/**
 * Selects the nodes to test: all that have devices and accept pods, or those that the user names.
 * @throws Error for names without devices, for cordoned nodes that were named, and if no node is left
 */
export function selectNodes(nodes: readonly PreflightNode[], wanted: readonly string[] | undefined): string[] {
  const open = nodes.filter(({ cordoned }) => !cordoned).map(({ name }) => name);
  if (wanted === undefined && open.length > 0) return open;
  const problems = [...new Set(wanted)].filter((name) => !open.includes(name)).map((name) => explainNode(name, nodes));
  if (problems.length > 0) throw new Error(`--nodes: ${problems.join("; ")}; allowed: ${open.join(", ") || "none"}`);
  if (open.length === 0)
    throw new Error(
      nodes.length === 0
        ? "preflight: no node advertises amd.com/gpu; install AMD's device plugin, see docs/cluster.md"
        : "preflight: all nodes with GPUs are cordoned; uncordon some with kubectl uncordon NODE",
    );
  return [...new Set(wanted)].sort();
}

function explainNode(name: string, nodes: readonly PreflightNode[]): string {
  return nodes.some((node) => node.name === name) ? `${name} is cordoned` : `"${name}" is not a node with GPUs`;
}
