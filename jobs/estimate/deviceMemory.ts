import type { ZeroMode } from "../config/index.ts";
import type { Gpu } from "../hardware/gpuCatalog.ts";
import type { ModelShape } from "../matrix/index.ts";

/** The quantities that determine how much memory a device needs. */
export interface DeviceMemoryInput {
  readonly shape: ModelShape;
  /** Sequences of one step on one device. */
  readonly sequences: number;
  /** Tokens of a sequence. */
  readonly sequenceLength: number;
  /** Devices over which ZeRO divides gradients and optimizer, and in stage 3 the weights; 1 without it. */
  readonly shards: number;
  /** Stage 3 if omitted. */
  readonly zero?: ZeroMode;
  /** Devices of a node, over which hpZ divides its second copy of the weights. */
  readonly shardsPerNode?: number;
  /** Elements of a communication bucket; 0 if DeepSpeed derives a small one from the model. */
  readonly bucketElements?: number;
  /** False if attention writes its scores out (`flash_attn: disabled`). */
  readonly fusedAttention: boolean;
}

/** Bytes on one device, by what they hold. */
export interface DeviceMemory {
  readonly states: number;
  readonly gathered: number;
  readonly activations: number;
  readonly logits: number;
  readonly total: number;
}

/**
 * Bytes per parameter with Adam in mixed precision: 2 for the weights, 2 for their gradients, 4 for the 32-bit copy,
 * 8 for the two moments (Rajbhandari et al. 2019, arXiv 1910.02054, section 3.1).
 */
export const stateBytesPerParameter = 16;
const weightBytesPerParameter = 2;

/** Bytes per element of the two communication buckets, which hold 16-bit weights and gradients. */
const bucketBytes = 2 + 2;

/** The most parameters that DeepSpeed keeps gathered at a time: the default of `stage3_max_live_parameters`. */
const maxLiveParameters = 1e9;

/** Our assumption: share of a device's memory to leave free, for the runtime, RCCL's buffers and fragmentation. */
const memoryHeadroom = 0.1;

/**
 * Bytes per token of one layer's activations in bf16, kept while its gradient is computed (after Korthikanti et al.
 * 2022, arXiv 2205.05198, section 4, without dropout): norms 4h, attention's input, query and output 6h, keys and
 * values 4h · their share, and a gated MLP's input 2h and four products 8f.
 */
function computeLayerBytes({ hidden, heads, keyValueHeads, feedForward }: ModelShape): number {
  return hidden * (12 + (4 * keyValueHeads) / heads) + 8 * feedForward;
}

/** LLaMA-Factory checkpoints activations: every layer keeps its input (2h bytes per token), one layer everything. */
function computeActivationBytes({ shape, sequences, sequenceLength, fusedAttention }: DeviceMemoryInput): number {
  const tokens = sequences * sequenceLength;
  const inputs = 2 * tokens * shape.hidden * shape.layers;
  const scores = fusedAttention ? 0 : 5 * shape.heads * sequenceLength * tokens;
  return inputs + tokens * computeLayerBytes(shape) + scores;
}

/**
 * Logits in bf16, their 32-bit copy and its gradient: ten bytes per token and vocabulary entry. With a vocabulary of
 * 128,000 they are the largest item.
 */
function computeLogitBytes({ shape, sequences, sequenceLength }: DeviceMemoryInput): number {
  return 10 * sequences * sequenceLength * shape.vocabulary;
}

/** Weights, gradients and optimizer: stage 2 leaves the weights whole, hpZ adds a copy that a node divides. */
function computeStateBytes({ shape: { parameters }, shards, zero, shardsPerNode = 1 }: DeviceMemoryInput): number {
  const divided = (stateBytesPerParameter * parameters) / shards;
  const weights = weightBytesPerParameter * parameters;
  if (zero === 2) return divided + weights - weights / shards;
  return zero === "hpz" ? divided + weights / shardsPerNode : divided;
}

/** The weights that stage 3 gathers for the layers in use, and the buckets in which DeepSpeed sends. */
function computeGatheredBytes({ shape: { parameters }, shards, zero, bucketElements = 0 }: DeviceMemoryInput): number {
  if (shards === 1) return 0;
  const gathered = zero === 2 ? 0 : weightBytesPerParameter * Math.min(maxLiveParameters, parameters);
  return gathered + bucketBytes * bucketElements;
}

/** Estimates the memory of one device at the peak of a training step. Not measured on a device: see docs/plan.md. */
export function estimateDeviceMemory(input: DeviceMemoryInput): DeviceMemory {
  const states = computeStateBytes(input);
  const gathered = computeGatheredBytes(input);
  const activations = computeActivationBytes(input);
  const logits = computeLogitBytes(input);
  return { states, gathered, activations, logits, total: states + gathered + activations + logits };
}

/** Computes the GB (10^9 bytes) of a device that a training may use: all but the headroom. */
export function computeUsableGB({ memoryGB }: Pick<Gpu, "memoryGB">): number {
  return (1 - memoryHeadroom) * memoryGB;
}

export function isWithinDeviceMemory({ total }: Pick<DeviceMemory, "total">, gpu: Pick<Gpu, "memoryGB">): boolean {
  return total <= computeUsableGB(gpu) * 1e9;
}
