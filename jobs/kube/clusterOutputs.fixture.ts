import type { ClusterOutputs } from "./clusterOutputs.ts";
import { platformVersion } from "./clusterOutputs.ts";
import { platformNames } from "./platformNames.ts";
import type { Computation, ComputingCodes } from "./computingCode.ts";

/** Returns the sample with another version of transformers in some computations. */
export function upgradeTransformers(...upgraded: readonly Computation[]): ComputingCodes {
  const newer = upgraded.map((name) => [name, { version: 1, packages: { transformers: "5.6.1" } }]);
  return { ...sampleCode, ...Object.fromEntries(newer) } as ComputingCodes;
}

const packages = { transformers: "5.6.0" };

export const sampleCode: ComputingCodes = {
  mixture: { version: 1, packages: { pyarrow: "26.0.1" } },
  benchmarks: { version: 1, packages: {} },
  model: { version: 1, packages },
  tokenise: { version: 1, packages },
  train: { version: 1, packages },
  evaluate: { version: 1, packages },
};

/** The cluster of the stack `dev`: two hosts on one machine, each with one emulated MI250X. */
export const emulatedCluster: ClusterOutputs = {
  ...platformNames,
  images: {
    data: "mixcpt.local/data:0d5a",
    llamaFactory: "mixcpt.local/llama-factory:11af",
    evaluate: "mixcpt.local/evaluate:e7a1",
    store: "mixcpt.local/store:5707",
  },
  code: sampleCode,
  platformVersion,
  hardware: { gpu: "MI250X", emulated: true, devicesPerNode: 2, nodes: 2 },
  pods: {},
};

/** Twelve of the paper's nodes, each with four MI250X. */
export const gpuCluster: ClusterOutputs = {
  ...emulatedCluster,
  hardware: { gpu: "MI250X", emulated: false, devicesPerNode: 8, nodes: 12 },
};
