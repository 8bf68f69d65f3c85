import type { Gpu } from "../hardware/gpuCatalog.ts";
import type { ModelShape } from "../matrix/index.ts";

/** What decides how much a device must hold. */
export interface DeviceMemoryInput {
  readonly shape: ModelShape;
  /** Sequences of one step on one device, and tokens of each. */
  readonly sequences: number;
  readonly sequenceLength: number;
  /** Devices over which ZeRO-3 divides parameters, gradients and optimizer; 1 without it. */
  readonly shards: number;
  /** False where attention writes its scores out (`flash_attn: disabled`). */
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

/** Parameters that DeepSpeed keeps whole at a time, at most: `stage3_max_live_parameters` (its default). */
const maxLiveParameters = 1e9;

/** Share of a device that is left to the runtime, RCCL's buffers and fragmentation. Ours. */
export const memoryHeadroom = 0.1;

/**
 * One layer's activations in bf16, kept while its gradient is computed (after Korthikanti et al. 2022, arXiv 2205.05198,
 * section 4, without dropout): norms 4h, attention's input, query and output 6h, keys and values 4h · their share,
 * and a gated MLP's input 2h and four products 8f. Bytes per token.
 */
function computeLayerBytes({ hidden, heads, keyValueHeads, feedForward }: ModelShape): number {
  return hidden * (12 + (4 * keyValueHeads) / heads) + 8 * feedForward;
}

/** LLaMA-Factory checkpoints activations: every layer keeps its input (2h bytes a token), one layer all of its own. */
function computeActivationBytes({ shape, sequences, sequenceLength, fusedAttention }: DeviceMemoryInput): number {
  const tokens = sequences * sequenceLength;
  const inputs = 2 * tokens * shape.hidden * shape.layers;
  const scores = fusedAttention ? 0 : 5 * shape.heads * sequenceLength * tokens;
  return inputs + tokens * computeLayerBytes(shape) + scores;
}

/** Logits in bf16, their 32-bit copy and its gradient: ten bytes a token and word. With 128,000 words they lead. */
function computeLogitBytes({ shape, sequences, sequenceLength }: DeviceMemoryInput): number {
  return 10 * sequences * sequenceLength * shape.vocabulary;
}

/** Memory of one device at the peak of a training step. Not measured on a device: see docs/plan.md. */
export function estimateDeviceMemory(input: DeviceMemoryInput): DeviceMemory {
  const { shape, shards } = input;
  const states = (stateBytesPerParameter * shape.parameters) / shards;
  const gathered = shards === 1 ? 0 : 2 * Math.min(maxLiveParameters, shape.parameters);
  const activations = computeActivationBytes(input);
  const logits = computeLogitBytes(input);
  return { states, gathered, activations, logits, total: states + gathered + activations + logits };
}

/** Whether it fits with the headroom left free. */
export function isWithinDeviceMemory(
  { total }: Pick<DeviceMemory, "total">,
  { memoryGB }: Pick<Gpu, "memoryGB">,
): boolean {
  return total <= (1 - memoryHeadroom) * memoryGB * 1e9;
}
