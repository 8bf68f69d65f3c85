import type { BenchmarkChanges, Category, Family } from "../matrix/index.ts";
import { english } from "../matrix/index.ts";
import { translated } from "../data/index.ts";

export const benchmarkNames = ["sib200", "flores200"] as const;
export type BenchmarkName = (typeof benchmarkNames)[number];

/** How one benchmark is run. All of it decides the scores. */
export interface BenchmarkSettings {
  languages: readonly string[];
  /** Of translation: out of English, into English. */
  directions?: readonly ("xx-eng" | "eng-xx")[];
  shots: number;
  seed: number;
  /** Items per language (and direction); all of them where it is left out. */
  limit?: number;
  backend: { kind: "transformers" | "vllm" };
  generation?: Generation;
}

/** How a translation is drawn; what is left out is the study's. */
export interface Generation {
  maxNewTokens: number;
  temperature?: number;
  topP?: number;
  repetitionPenalty?: number;
}

export type EvaluationSettings = Readonly<Record<BenchmarkName, BenchmarkSettings>>;

const shots = 3;
const seed = 42;
const transformers = { kind: "transformers" } as const;
const directions = ["xx-eng", "eng-xx"] as const;

/** The study's, and vLLM is what it was sampled with. */
const studyGeneration: Generation = { maxNewTokens: 128, temperature: 0.1, topP: 0.9, repetitionPenalty: 1.2 };

/** The languages of a category, or of several. */
export type Languages = Pick<Category, "training" | "related">;

/** The study's protocol: all items of all languages of the category, English classified with them. */
export function studyEvaluation({ training, related }: Languages): EvaluationSettings {
  const languages = [...new Set([...training, ...related])].filter((language) => language !== english.code);
  return {
    sib200: { languages: [english.code, ...languages], shots, seed, backend: transformers },
    flores200: { languages, directions, shots, seed, backend: { kind: "vllm" }, generation: studyGeneration },
  };
}

/** The paper's benchmarks as a CPU answers them in seconds: every topic to tell apart, a few sentences to translate. */
export function miniatureEvaluation({ training, related }: Languages): EvaluationSettings {
  const languages = translated([...training, ...related]);
  return {
    sib200: { languages: [english.code, ...languages], shots, seed, backend: transformers },
    flores200: {
      languages,
      directions,
      shots,
      seed,
      limit: 4,
      backend: transformers,
      generation: { maxNewTokens: 32 },
    },
  };
}

/** Models of the hub are asked what the study asked; a model of random weights, what a CPU can answer. A stack may ask otherwise. */
export function evaluationSettings(languages: Languages, { base }: Pick<Family, "base">, changes?: BenchmarkChanges): EvaluationSettings {
  const { sib200, flores200 } = base === undefined ? miniatureEvaluation(languages) : studyEvaluation(languages);
  return { sib200: { ...sib200, ...changes?.sib200 }, flores200: { ...flores200, ...changes?.flores200 } };
}
