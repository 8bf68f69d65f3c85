import type { Gpu } from "../hardware/catalogue.ts";

/** One benchmark as far as its time is concerned. */
export interface Benchmark {
  /** Prompts: items x languages x directions. */
  prompts: number;
  /** Examples in a prompt before the question. */
  shots: number;
  /** Tokens of one example, and of one answer; 0 where the answer is read from the first logits. */
  exampleTokens: number;
  answerTokens: number;
}

/** Share of the peak at which prompts are read (large matrix products). Ours. */
const readingUtilisation = 0.4;

/** Answers that are written side by side: `max_num_seqs` of the published evaluation (MaLA-LM/MixCPT eval_flores200.sh). */
const sequencesAtOnce = 16;

/** Tokens a second that one device writes: every step reads all 16-bit weights once, for all sequences. */
export function writingRate(parameters: number, { memoryTBs }: Pick<Gpu, "memoryTBs">): number {
  return (sequencesAtOnce * memoryTBs * 1e12) / (2 * parameters);
}

/** Tokens a second that one device reads: 2 operations per parameter and token. */
export function readingRate(parameters: number, { bf16Tflops }: Pick<Gpu, "bf16Tflops">): number {
  return (readingUtilisation * bf16Tflops * 1e12) / (2 * parameters);
}

/**
 * Hours of one device for these benchmarks, at the device's own limits: no software is faster, and today's is two to
 * ten times slower (docs/plan.md). Loading the model is not counted.
 */
export function evaluationHours(benchmarks: readonly Benchmark[], parameters: number, gpu: Pick<Gpu, "memoryTBs" | "bf16Tflops">): number {
  const seconds = benchmarks.map(({ prompts, shots, exampleTokens, answerTokens }) => {
    const read = (prompts * (shots + 1) * exampleTokens) / readingRate(parameters, gpu);
    return read + (prompts * answerTokens) / writingRate(parameters, gpu);
  });
  return seconds.reduce((sum, one) => sum + one, 0) / 3600;
}
