import type { GpuModel } from "../hardware/catalogue.ts";

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
