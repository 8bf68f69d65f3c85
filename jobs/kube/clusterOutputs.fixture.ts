import type { ClusterOutputs } from "./clusterOutputs.ts";
import { platformNames } from "./clusterOutputs.ts";

/** The cluster of the stack `dev`: two hosts on one machine, each with one emulated MI250X. */
export const emulatedCluster: ClusterOutputs = {
  ...platformNames,
  images: {
    data: "mixcpt.local/data:0d5a",
    llamaFactory: "mixcpt.local/llama-factory:11af",
    evaluate: "mixcpt.local/evaluate:e7a1",
  },
  hardware: { gpu: "MI250X", emulated: true, devicesPerNode: 2, nodes: 2 },
};

/** Twelve of the paper's nodes, each with four MI250X. */
export const gpuCluster: ClusterOutputs = {
  ...emulatedCluster,
  hardware: { gpu: "MI250X", emulated: false, devicesPerNode: 8, nodes: 12 },
};
