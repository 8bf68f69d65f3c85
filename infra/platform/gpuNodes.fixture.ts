/** GPU nodes as a cluster reports them, and their comparison with a declaration. */
import type { ClusterHardware } from "../../jobs/kube/clusterOutputs.ts";
import type { ClusterPods } from "../../jobs/kube/podSettings.ts";
import type { GpuNode, GpuNodeReport } from "./gpuNodeComparison.ts";
import { compareGpuNodes, listGpuNodeLines } from "./gpuNodeComparison.ts";

const declared: ClusterHardware = { gpu: "MI250X", devicesPerNode: 8, nodes: 2, emulated: false };
export const partitioned: ClusterHardware = { ...declared, gpu: "MI300X", nodes: 1 };

export const allocatable = { cpu: "56", memory: "503Gi" };

export function makeNode(name: string, id: string, changes: Partial<GpuNode> = {}): GpuNode {
  return {
    name,
    devices: 8,
    taints: [],
    state: "ready",
    allocatable,
    ...changes,
    labels: { "amd.com/gpu.device-id": id, ...changes.labels },
  };
}

export function makeUnlabelledNode(name: string, labels: Record<string, string> = {}): GpuNode {
  return { name, labels, devices: 8, taints: [], state: "ready", allocatable };
}

export function formatShortage(found: string, wanted: string): string {
  return `GPU nodes: ${found} fit, but the file declares ${wanted}; work for more of them waits`;
}

export function compare(
  nodes: readonly GpuNode[],
  changes: Partial<ClusterHardware> = {},
  pods: ClusterPods = {},
): GpuNodeReport {
  return compareGpuNodes(nodes, { hardware: { ...declared, ...changes }, pods });
}

export function listProblems(...input: Parameters<typeof compare>): string[] {
  return listGpuNodeLines(compare(...input));
}
