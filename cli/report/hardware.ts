import { deviceIdLabel, deviceResource, emulatedLabel, gpuModels, gpus } from "../../jobs/hardware/catalogue.ts";
import type { Hardware } from "../../jobs/report/report.ts";

/** The few fields of a node that tell its GPUs; the client's own type fits. */
export interface Node {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> | undefined } | undefined;
  readonly status?: { readonly capacity?: Readonly<Record<string, string>> | undefined } | undefined;
}

const devicesOf = ({ status }: Node): number => Number(status?.capacity?.[deviceResource] ?? 0);

const labelOf = ({ metadata }: Node, label: string): string | undefined => metadata?.labels?.[label];

const modelOf = (node: Node): string => {
  const id = labelOf(node, deviceIdLabel);
  if (id === undefined) return "AMD GPU";
  return gpuModels.find((model) => gpus[model].deviceIds.includes(id)) ?? `AMD GPU ${id}`;
};

/** The GPUs that the nodes advertise; null where there are none. Emulated as soon as one node is. */
export const hardwareOf = (nodes: readonly Node[]): Hardware | null => {
  const withGpus = nodes.filter((node) => devicesOf(node) > 0);
  if (withGpus.length === 0) return null;
  return {
    gpu: [...new Set(withGpus.map(modelOf))].sort().join(" and "),
    emulated: withGpus.some((node) => labelOf(node, emulatedLabel) === "true"),
    nodes: withGpus.length,
    devices: withGpus.reduce((sum, node) => sum + devicesOf(node), 0),
  };
};
