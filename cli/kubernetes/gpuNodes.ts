import { deviceIdLabel, deviceResource, emulatedLabel, findGpuModel } from "../../jobs/hardware/gpuCatalog.ts";
import type { GpuNodeSummary } from "../../reporting/reportModel.ts";

/** The fields of a node that describe its GPUs. The API client's own type is assignable to this. */
export interface GpuNodeFields {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> | undefined } | undefined;
  readonly status?: { readonly capacity?: Readonly<Record<string, string>> | undefined } | undefined;
}

function countGpuDevices({ status }: GpuNodeFields): number {
  return Number(status?.capacity?.[deviceResource] ?? 0);
}

function readNodeLabel({ metadata }: GpuNodeFields, label: string): string | undefined {
  return metadata?.labels?.[label];
}

function findNodeGpuModel(node: GpuNodeFields): string {
  const id = readNodeLabel(node, deviceIdLabel);
  if (id === undefined) return "AMD GPU";
  return findGpuModel(id) ?? `AMD GPU ${id}`;
}

/** Summarizes the GPUs that the nodes advertise; null if there are none. `emulated` is true if one node is. */
export function summarizeGpuNodes(nodes: readonly GpuNodeFields[]): GpuNodeSummary | null {
  const gpuNodes = nodes.filter((node) => countGpuDevices(node) > 0);
  if (gpuNodes.length === 0) return null;
  return {
    gpu: [...new Set(gpuNodes.map(findNodeGpuModel))].sort().join(" and "),
    emulated: gpuNodes.some((node) => readNodeLabel(node, emulatedLabel) === "true"),
    nodes: gpuNodes.length,
    devices: gpuNodes.reduce((sum, node) => sum + countGpuDevices(node), 0),
  };
}
