import { deviceResource } from "../../../jobs/hardware/gpuCatalog.ts";
import { quarantineTaint } from "../../../jobs/kube/quarantine.ts";
import type { WaitingKind } from "./waitingReason.ts";

/** The causes that exclude nodes, with the number of nodes each. Kueue and the scheduler phrase them differently. */
export interface NodeExclusions {
  /** Taints with the number of nodes that have them, such as `amd-gpu-unhealthy`. */
  readonly taints: ReadonlyMap<string, number>;
  /** Resources with the number of nodes that have too little of them. */
  readonly resources: ReadonlyMap<string, number>;
  /** True if the labels of a node, or the lack of any node, were a cause. */
  readonly wrongLabels: boolean;
}

/** The taint of a control plane excludes a node that never was a candidate. */
const ordinaryTaints = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];

/** Stands for taints whose names a message leaves out. */
export const unnamedTaint = "";

export function countNames(names: readonly string[]): Map<string, number> {
  return sumCounts(names.map((name) => [name, 1] as const));
}

function sumCounts(pairs: readonly (readonly [string, number])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [name, count] of pairs) counts.set(name, (counts.get(name) ?? 0) + count);
  return counts;
}

/** Collects the groups `name` and `count` of every match. */
function collectMatches(message: string, pattern: RegExp): Map<string, number> {
  return sumCounts(
    [...message.matchAll(pattern)].map(
      ({ groups }) => [groups?.["name"] ?? unnamedTaint, Number(groups?.["count"] ?? 0)] as const,
    ),
  );
}

/**
 * Parses `4 node(s) had untolerated taint {KEY: }, 2 Insufficient amd.com/gpu.` of the scheduler. Since Kubernetes 1.36
 * it writes `4 node(s) had untolerated taint(s)`.
 */
export function parseSchedulerMessage(message: string): NodeExclusions {
  return {
    taints: collectMatches(message, /(?<count>\d+) node\(s\) had untolerated taint(?: \{(?<name>[^:}]+)|\(s\))/g),
    resources: collectMatches(message, /(?<count>\d+) Insufficient (?<name>[\w./-]*\w)/g),
    wrongLabels: /node affinity|node selector|didn't match/.test(message),
  };
}

/** Parses `Total nodes: 4; excluded: resource "cpu": 3, taint "KEY:NoSchedule": 1` of Kueue. */
export function parseTopologyMessage(message: string): NodeExclusions {
  return {
    taints: collectMatches(message, /taint "(?<name>[^":=]+)[^"]*": (?<count>\d+)/g),
    resources: collectMatches(message, /resource "(?<name>[^"]+)": (?<count>\d+)/g),
    wrongLabels: /nodeSelector|affinity|doesn't allow to fit/.test(message),
  };
}

function findLargest(counts: ReadonlyMap<string, number>): readonly [string, number] | undefined {
  return [...counts].filter(([name]) => !ordinaryTaints.includes(name)).sort((a, b) => b[1] - a[1])[0];
}

/** Tells of nodes in quarantine beside another reason, because their release would help, too. */
function countQuarantined(taints: ReadonlyMap<string, number>): string {
  const count = taints.get(quarantineTaint) ?? 0;
  return count === 0 ? "" : `; ${String(count)} in quarantine`;
}

/**
 * The cause that excludes most nodes; of two equal ones the taint, which somebody must remove. Work without GPUs waits
 * for room, since the taints of GPU nodes are not about it.
 */
export function summarizeExclusions(
  { taints, resources, wrongLabels }: NodeExclusions,
  hasGpuRequest: boolean,
): { kind: WaitingKind; summary: string } | undefined {
  const [taint, tainted = 0] = findLargest(taints) ?? [];
  const [resource, short = 0] = findLargest(resources) ?? [];
  if (taint !== undefined && (hasGpuRequest ? tainted >= short : short === 0)) {
    const name = taint === unnamedTaint ? "" : ` (${taint})`;
    return { kind: "taint", summary: `no node ${hasGpuRequest ? `with ${deviceResource} ` : ""}untainted${name}` };
  }
  if (resource !== undefined)
    return { kind: "no room", summary: `no node with enough free ${resource}${countQuarantined(taints)}` };
  if (wrongLabels) return { kind: "no node", summary: "no node with the labels it needs" };
  return taints.size > 0 ? { kind: "taint", summary: "no node but the control plane" } : undefined;
}
