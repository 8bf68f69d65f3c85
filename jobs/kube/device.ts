import type { ClusterOutputs } from "./outputs.ts";

/** For the spec of a step that computes: where nodes have GPUs, a step that can use none of them is to fail and not to take the CPU. */
export const selectDevice = ({ hardware }: Pick<ClusterOutputs, "hardware">): { device?: "gpu" } => (hardware.emulated ? {} : { device: "gpu" });
