import type { GpuModel } from "../hardware/gpuCatalog.ts";

/** Content-addressed references, for example `mixcpt.local/data:1f0c…`. */
export interface ImageRefs {
  data: string;
  llamaFactory: string;
  evaluate: string;
}

export interface ClusterHardware {
  gpu: GpuModel;
  /** True where nodes only advertise GPUs and the work runs on the CPU. */
  emulated: boolean;
  devicesPerNode: number;
  nodes: number;
  /** The PCI device id by which nodes are found; the model's usual one where it is left out. */
  deviceId?: string;
  /** Ids of the groups that may open /dev/kfd and /dev/dri on the nodes; left out where everybody may. */
  deviceGroups?: number[];
}

/** What a cluster stack (`mixcpt-infra/STACK`) tells the experiments that run on it. */
export interface ClusterOutputs {
  namespace: string;
  store: { claim: string; mount: string };
  queues: { gpu: string; cpu: string };
  /** Name of the ClusterTrainingRuntime. */
  runtime: string;
  images: ImageRefs;
  hardware: ClusterHardware;
}

/** For the spec of a step that computes: where nodes have GPUs, a step that can use none of them is to fail and not to take the CPU. */
export const selectDevice = ({ hardware }: Pick<ClusterOutputs, "hardware">): { device?: "gpu" } => (hardware.emulated ? {} : { device: "gpu" });

/** What the platform is called on every cluster: infra/ makes it under these names, everything else finds it by them. */
export const platformNames = {
  namespace: "mixcpt",
  store: { claim: "store", mount: "/store" },
  queues: { gpu: "gpu", cpu: "cpu" },
  runtime: "llama-factory",
} as const satisfies Omit<ClusterOutputs, "images" | "hardware">;
