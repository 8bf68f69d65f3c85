import type { GpuModel } from "../hardware/gpuCatalog.ts";

/** Content-addressed references, for example `mixcpt.local/data:1f0c…`. */
export interface ImageRefs {
  readonly data: string;
  readonly llamaFactory: string;
  readonly evaluate: string;
}

export interface ClusterHardware {
  readonly gpu: GpuModel;
  /** True where nodes only advertise GPUs and the work runs on the CPU. */
  readonly emulated: boolean;
  readonly devicesPerNode: number;
  readonly nodes: number;
  /** The PCI device id by which nodes are found; the model's usual one where it is left out. */
  readonly deviceId?: string;
  /** Ids of the groups that may open /dev/kfd and /dev/dri on the nodes; left out where everybody may. */
  readonly deviceGroups?: number[];
}

/** What a cluster stack (`mixcpt-infra/STACK`) tells the experiments that run on it. */
export interface ClusterOutputs {
  readonly namespace: string;
  readonly store: { claim: string; mount: string };
  readonly queues: { gpu: string; cpu: string };
  /** Name of the ClusterTrainingRuntime. */
  readonly runtime: string;
  readonly images: ImageRefs;
  readonly hardware: ClusterHardware;
}

/** For the spec of a step that computes: where nodes have GPUs, a step that can use none of them is to fail and not to take the CPU. */
export function selectDevice({ hardware }: Pick<ClusterOutputs, "hardware">): { device?: "gpu" } {
  return hardware.emulated ? {} : { device: "gpu" };
}

/** What the platform is called on every cluster: infra/ makes it under these names, everything else finds it by them. */
export const platformNames = {
  namespace: "mixcpt",
  store: { claim: "store", mount: "/store" },
  queues: { gpu: "gpu", cpu: "cpu" },
  runtime: "llama-factory",
} as const satisfies Omit<ClusterOutputs, "images" | "hardware">;
