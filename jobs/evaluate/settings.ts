import type { BenchmarkChanges, Category, Family } from "../matrix/index.ts";
import { english } from "../matrix/index.ts";
import { filterTranslatedLanguages } from "../data/index.ts";
import { buildAddedBenchmarks } from "./addedBenchmark.ts";
import type { EvaluationSettings, GenerationSettings, StudyBenchmarks } from "./benchmarkSettings.ts";

const studyShots = 3;
const studySeed = 42;
const transformersBackend = { kind: "transformers" } as const;
const bothDirections = ["xx-eng", "eng-xx"] as const;

/** The study's, and vLLM is what it was sampled with. */
const studyGeneration: GenerationSettings = { maxNewTokens: 128, temperature: 0.1, topP: 0.9, repetitionPenalty: 1.2 };

/** The languages of a category, or of several. */
export type CategoryLanguages = Pick<Category, "training" | "related">;

/** The study's protocol: all items of all languages of the category, English classified with them. */
export function buildStudySettings({ training, related }: CategoryLanguages): StudyBenchmarks {
  const languages = [...new Set([...training, ...related])].filter((language) => language !== english.code);
  return {
    sib200: { languages: [english.code, ...languages], shots: studyShots, seed: studySeed, backend: transformersBackend },
    flores200: { languages, directions: bothDirections, shots: studyShots, seed: studySeed, backend: { kind: "vllm" }, generation: studyGeneration, bleuTokenizer: "flores200" },
  };
}

/** The paper's benchmarks as a CPU answers them in seconds: every topic to tell apart, a few sentences to translate. */
export function buildMiniatureSettings({ training, related }: CategoryLanguages): StudyBenchmarks {
  const languages = filterTranslatedLanguages([...training, ...related]);
  return {
    sib200: { languages: [english.code, ...languages], shots: studyShots, seed: studySeed, backend: transformersBackend },
    flores200: {
      languages,
      directions: bothDirections,
      shots: studyShots,
      seed: studySeed,
      limit: 4,
      backend: transformersBackend,
      generation: { maxNewTokens: 32 },
    },
  };
}

/** Models of the hub are asked what the study asked; a model of random weights, what a CPU can answer. A stack may ask otherwise, and more. */
export function buildEvaluationSettings(languages: CategoryLanguages, { base }: Pick<Family, "base">, { sib200, flores200, added }: BenchmarkChanges): EvaluationSettings {
  const study = base === undefined ? buildMiniatureSettings(languages) : buildStudySettings(languages);
  const changed = { sib200: { ...study.sib200, ...sib200 }, flores200: { ...study.flores200, ...flores200 } };
  return { ...changed, ...buildAddedBenchmarks(added, changed) };
}
