import type { BenchmarkChanges, Category, Family } from "../matrix/index.ts";
import { english } from "../matrix/index.ts";
import { translated } from "../data/index.ts";
import { addedSettings } from "./addedBenchmark.ts";
import type { EvaluationSettings, Generation, StudySettings } from "./benchmarkSettings.ts";

const shots = 3;
const seed = 42;
const transformers = { kind: "transformers" } as const;
const directions = ["xx-eng", "eng-xx"] as const;

/** The study's, and vLLM is what it was sampled with. */
const studyGeneration: Generation = { maxNewTokens: 128, temperature: 0.1, topP: 0.9, repetitionPenalty: 1.2 };

/** The languages of a category, or of several. */
export type Languages = Pick<Category, "training" | "related">;

/** The study's protocol: all items of all languages of the category, English classified with them. */
export function studyEvaluation({ training, related }: Languages): StudySettings {
  const languages = [...new Set([...training, ...related])].filter((language) => language !== english.code);
  return {
    sib200: { languages: [english.code, ...languages], shots, seed, backend: transformers },
    flores200: { languages, directions, shots, seed, backend: { kind: "vllm" }, generation: studyGeneration, bleuTokenizer: "flores200" },
  };
}

/** The paper's benchmarks as a CPU answers them in seconds: every topic to tell apart, a few sentences to translate. */
export function miniatureEvaluation({ training, related }: Languages): StudySettings {
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

/** Models of the hub are asked what the study asked; a model of random weights, what a CPU can answer. A stack may ask otherwise, and more. */
export function evaluationSettings(languages: Languages, { base }: Pick<Family, "base">, { sib200, flores200, added }: BenchmarkChanges): EvaluationSettings {
  const study = base === undefined ? miniatureEvaluation(languages) : studyEvaluation(languages);
  const changed = { sib200: { ...study.sib200, ...sib200 }, flores200: { ...study.flores200, ...flores200 } };
  return { ...changed, ...addedSettings(added, changed) };
}
