import { getDevice } from "../hardware/gpuCatalog.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import type { ModelShape } from "../matrix/index.ts";
import type { Run } from "./run.ts";

/** What a training's model FLOPs utilization is computed from, beside its tokens per second. */
export interface ModelFlops {
  /** Floating-point operations of training on one token. */
  readonly perToken: number;
  readonly devices: number;
  /** Peak bf16 operations per second of one device. */
  readonly peakPerDevice: number;
}

/**
 * Counts the operations of training on one token: 6 per parameter for the matrix products of both passes, and 12 per
 * layer, width and position for attention, without what is computed again (Chowdhery et al. 2022, PaLM, appendix B,
 * arXiv 2204.02311: 6N + 12LHQT). Like there, positions that a causal mask hides count. Our assumption: the heads
 * together are as wide as the model, as in Llama.
 */
export function countFlopsPerToken({ parameters, layers, hidden }: ModelShape, sequenceLength: number): number {
  return 6 * parameters + 12 * layers * hidden * sequenceLength;
}

/** Returns undefined for emulated GPUs, and for a training in another format than bf16, whose peak is another one. */
export function describeModelFlops(
  { cell, recipe, world }: Pick<Run, "cell" | "recipe" | "world">,
  { hardware }: Pick<ClusterOutputs, "hardware">,
): ModelFlops | undefined {
  if (hardware.emulated || !recipe.bf16) return undefined;
  return {
    perToken: countFlopsPerToken(cell.parts.family.shape, recipe.cutoff_len),
    devices: world.nodes * world.processesPerNode,
    peakPerDevice: getDevice(hardware).bf16Tflops * 1e12,
  };
}
