import type { Gpu } from "../hardware/gpuCatalog.ts";

/** One benchmark as far as its time is concerned. */
export interface BenchmarkSize {
  /** Prompts: items x languages x directions. */
  readonly prompts: number;
  /** Examples in a prompt before the question. */
  readonly shots: number;
  /** Tokens of one example, and of one answer; 0 where the answer is read from the first logits. */
  readonly exampleTokens: number;
  readonly answerTokens: number;
}

/** Share of the peak at which prompts are read (large matrix products). Ours. */
const prefillUtilization = 0.4;

/** Answers that are written side by side: `max_num_seqs` of the published evaluation (MaLA-LM/MixCPT eval_flores200.sh). */
const concurrentSequences = 16;

/** Tokens a second that one device writes: every step reads all 16-bit weights once, for all sequences. */
export function computeDecodeRate(parameters: number, { memoryTBs }: Pick<Gpu, "memoryTBs">): number {
  return (concurrentSequences * memoryTBs * 1e12) / (2 * parameters);
}

/** Tokens a second that one device reads: 2 operations per parameter and token. */
export function computePrefillRate(parameters: number, { bf16Tflops }: Pick<Gpu, "bf16Tflops">): number {
  return (prefillUtilization * bf16Tflops * 1e12) / (2 * parameters);
}

/**
 * Hours of one device for these benchmarks, at the device's own limits: no software is faster, and today's is two to
 * ten times slower (docs/plan.md). Loading the model is not counted.
 */
export function estimateEvaluationHours(
  benchmarks: readonly BenchmarkSize[],
  parameters: number,
  gpu: Pick<Gpu, "memoryTBs" | "bf16Tflops">,
): number {
  const seconds = benchmarks.map(({ prompts, shots, exampleTokens, answerTokens }) => {
    const read = (prompts * (shots + 1) * exampleTokens) / computePrefillRate(parameters, gpu);
    return read + (prompts * answerTokens) / computeDecodeRate(parameters, gpu);
  });
  return seconds.reduce((sum, one) => sum + one, 0) / 3600;
}
