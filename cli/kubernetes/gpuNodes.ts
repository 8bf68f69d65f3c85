import { deviceIdLabel, deviceResource, emulatedLabel, gpuModels, gpus } from "../../jobs/hardware/gpuCatalog.ts";
import type { GpuNodeSummary } from "../../reporting/reportModel.ts";

/** The few fields of a node that tell its GPUs; the client's own type fits. */
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
  return gpuModels.find((model) => gpus[model].deviceIds.includes(id)) ?? `AMD GPU ${id}`;
}

/** The GPUs that the nodes advertise; null where there are none. Emulated as soon as one node is. */
export function summarizeGpuNodes(nodes: readonly GpuNodeFields[]): GpuNodeSummary | null {
  const withGpus = nodes.filter((node) => countGpuDevices(node) > 0);
  if (withGpus.length === 0) return null;
  return {
    gpu: [...new Set(withGpus.map(findNodeGpuModel))].sort().join(" and "),
    emulated: withGpus.some((node) => readNodeLabel(node, emulatedLabel) === "true"),
    nodes: withGpus.length,
    devices: withGpus.reduce((sum, node) => sum + countGpuDevices(node), 0),
  };
}
