import type { CellHardware } from "../config/index.ts";
import type { BenchmarkSettings, Evaluation } from "../evaluate/index.ts";
import type { Gpu } from "../hardware/gpuCatalog.ts";
import { getDevice } from "../hardware/gpuCatalog.ts";
import type { ServingSettings } from "../kube/servingSettings.ts";

/** The quantities of a benchmark that determine how long it takes. */
export interface BenchmarkSize {
  /** Prompts: items x languages x directions, and x answers of a multiple choice, each of which is read separately. */
  readonly prompts: number;
  /** Examples in a prompt before the question. */
  readonly shots: number;
  /** Tokens of one example. */
  readonly exampleTokens: number;
  /** Tokens of one answer; 0 if the answer is read from the first logits. */
  readonly answerTokens: number;
}

interface ItemSize extends Pick<BenchmarkSize, "exampleTokens" | "answerTokens"> {
  /** Items per language. */
  readonly items: number;
}

// Our assumption: 600 tokens for three examples and a question, 45 for an answer, because no run has been measured.
// Languages differ by a factor of three.
const translationSize: ItemSize = { items: 1012, exampleTokens: 150, answerTokens: 45 };
const classificationSize: ItemSize = { items: 204, exampleTokens: 100, answerTokens: 0 };
// Our assumption for a task of lm-evaluation-harness, from Belebele: passage, question and answers have 108 words on
// average (its README), about 250 tokens, and an item has four answers.
const harnessSize = { exampleTokens: 250, answerTokens: 0 };
const harnessAnswers = 4;

/** Our assumption: share of the peak at which prompts are read, because prefill consists of large matrix products. */
const prefillUtilization = 0.4;

/** Answers generated side by side: `max_num_seqs` of the published evaluation (MaLA-LM/MixCPT eval_flores200.sh). */
const publishedSequences = 16;

/** How many prompts a cluster's devices answer at once; as published if it is not set. */
export interface ServedPrompts {
  readonly maxNumSeqs?: ServingSettings["maxNumSeqs"] | undefined;
}

/** Items are those of FLORES-200's devtest and SIB-200's test split, or the configured ones of an added benchmark. */
function selectItemSize(name: string, { question }: BenchmarkSettings): ItemSize {
  if (question === undefined) return name === "flores200" ? translationSize : classificationSize;
  if (question.kind === "lm-eval") return { ...harnessSize, items: question.items };
  return { ...(question.kind === "translation" ? translationSize : classificationSize), items: question.items };
}

function computeBenchmarkSize(name: string, settings: BenchmarkSettings): BenchmarkSize {
  const { languages, directions, shots, limit, question } = settings;
  const { items, ...tokens } = selectItemSize(name, settings);
  const readings = question?.kind === "lm-eval" ? harnessAnswers : (directions?.length ?? 1);
  return { prompts: Math.min(items, limit ?? items) * languages.length * readings, shots, ...tokens };
}

/** Computes the size of each benchmark of an evaluation that asks the model, by the benchmark's name. */
export function computeBenchmarkSizes({ benchmarks }: Evaluation): Record<string, BenchmarkSize> {
  return Object.fromEntries(
    Object.entries(benchmarks).flatMap(([name, benchmark]) =>
      "translations" in benchmark ? [] : [[name, computeBenchmarkSize(name, benchmark.settings)]],
    ),
  );
}

/** Tokens per second that one device generates: every step reads all 16-bit weights once, for all sequences. */
export function computeDecodeRate(
  parameters: number,
  { memoryTBs, maxNumSeqs = publishedSequences }: Pick<Gpu, "memoryTBs"> & ServedPrompts,
): number {
  return (maxNumSeqs * memoryTBs * 1e12) / (2 * parameters);
}

/** Tokens per second that one device reads: 2 operations per parameter and token. */
function computePrefillRate(parameters: number, { bf16Tflops }: Pick<Gpu, "bf16Tflops">): number {
  return (prefillUtilization * bf16Tflops * 1e12) / (2 * parameters);
}

/**
 * Estimates the hours of one device for these benchmarks at the limits of the hardware: a lower bound. The keys and
 * values of earlier tokens and the time to load the model are not counted.
 */
export function estimateEvaluationHours(
  benchmarks: readonly BenchmarkSize[],
  parameters: number,
  gpu: Pick<Gpu, "memoryTBs" | "bf16Tflops"> & ServedPrompts,
): number {
  const seconds = benchmarks.map(({ prompts, shots, exampleTokens, answerTokens }) => {
    const read = (prompts * (shots + 1) * exampleTokens) / computePrefillRate(parameters, gpu);
    return read + (prompts * answerTokens) / computeDecodeRate(parameters, gpu);
  });
  return seconds.reduce((sum, one) => sum + one, 0) / 3600;
}

/**
 * Estimates the hours for which an evaluation occupies a node, whose devices share the languages: the same lower bound,
 * as if all devices ended together.
 */
export function estimateEvaluationNodeHours(
  benchmarks: readonly BenchmarkSize[],
  parameters: number,
  hardware: Pick<CellHardware, "gpu" | "partition" | "devicesPerNode"> & ServedPrompts,
): number {
  const device = { ...getDevice(hardware), maxNumSeqs: hardware.maxNumSeqs };
  return estimateEvaluationHours(benchmarks, parameters, device) / hardware.devicesPerNode;
}
