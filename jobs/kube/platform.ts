import type { ClusterOutputs } from "./outputs.ts";

/** What the platform is called on every cluster: infra/ makes it under these names, everything else finds it by them. */
export const platformNames = {
  namespace: "mixcpt",
  store: { claim: "store", mount: "/store" },
  queues: { gpu: "gpu", cpu: "cpu" },
  runtime: "llama-factory",
} as const satisfies Omit<ClusterOutputs, "images" | "hardware">;
