import { filterTranslatedLanguages } from "../data/index.ts";
import type { Category, Family } from "../matrix/index.ts";
import type { AddedBenchmark, BenchmarkChanges } from "../config/index.ts";
import { english, listCategoryLanguages } from "../matrix/index.ts";

const studyShots = 3;
const studySeed = 42;
const transformersBackend = { kind: "transformers" } as const;
const bothDirections = ["xx-eng", "eng-xx"] as const;

/** The study's, and vLLM is what it was sampled with. */
const studyGeneration: GenerationSettings = { maxNewTokens: 128, temperature: 0.1, topP: 0.9, repetitionPenalty: 1.2 };

/** The languages of a category, or of several. */
export type CategoryLanguages = Pick<Category, "training" | "related">;

/** The study's protocol: all items of all languages of the category, English classified with them. */
export function buildStudySettings(category: CategoryLanguages): StudyBenchmarks {
  const languages = listCategoryLanguages([category]).filter((language) => language !== english.code);
  return {
    sib200: {
      languages: [english.code, ...languages],
      shots: studyShots,
      seed: studySeed,
      backend: transformersBackend,
    },
    flores200: {
      languages,
      directions: bothDirections,
      shots: studyShots,
      seed: studySeed,
      backend: { kind: "vllm" },
      generation: studyGeneration,
      bleuTokenizer: "flores200",
    },
  };
}

/** The paper's benchmarks as a CPU answers them in seconds: every topic to tell apart, a few sentences to translate. */
export function buildMiniatureSettings({ training, related }: CategoryLanguages): StudyBenchmarks {
  const languages = filterTranslatedLanguages([...training, ...related]);
  return {
    sib200: {
      languages: [english.code, ...languages],
      shots: studyShots,
      seed: studySeed,
      backend: transformersBackend,
    },
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
export function buildEvaluationSettings(
  languages: CategoryLanguages,
  { base }: Pick<Family, "base">,
  { sib200, flores200, added }: BenchmarkChanges,
): EvaluationSettings {
  const study = base === undefined ? buildMiniatureSettings(languages) : buildStudySettings(languages);
  const changed = { sib200: { ...study.sib200, ...sib200 }, flores200: { ...study.flores200, ...flores200 } };
  return { ...changed, ...buildAddedBenchmarks(added, changed) };
}

function buildQuestion(added: AddedBenchmark): BenchmarkQuestion {
  const { kind, items } = added;
  return kind === "translation"
    ? { kind, items }
    : { kind, items, labels: added.labels, heading: added.heading, example: added.example };
}

/** Asked as the study's benchmark of the same kind, in the languages that it has. */
function deriveAddedSettings(added: AddedBenchmark, { sib200, flores200 }: StudyBenchmarks): BenchmarkSettings {
  const like = added.kind === "classification" ? sib200 : flores200;
  const { shots = like.shots, seed = like.seed, limit, languages = like.languages } = added;
  const directions = added.kind === "translation" ? (added.directions ?? like.directions) : undefined;
  const { backend, generation, bleuTokenizer } = like;
  return {
    languages: like.languages.filter((language) => languages.includes(language)),
    ...(directions !== undefined && { directions }),
    shots,
    seed,
    ...(limit !== undefined && { limit }),
    backend,
    ...(generation !== undefined && { generation }),
    ...(bleuTokenizer !== undefined && { bleuTokenizer }),
    question: buildQuestion(added),
  };
}

/** The benchmarks that a stack adds, by name; those that have none of the languages are not asked. */
export function buildAddedBenchmarks(
  added: Readonly<Record<string, AddedBenchmark>>,
  study: StudyBenchmarks,
): Record<string, BenchmarkSettings> {
  const all = Object.entries(added).map(([name, benchmark]) => [name, deriveAddedSettings(benchmark, study)] as const);
  return Object.fromEntries(all.filter(([, { languages }]) => languages.length > 0));
}

/** How one benchmark is run. All of it decides the scores. */
export interface BenchmarkSettings {
  readonly languages: readonly string[];
  /** Of translation: out of English, into English. */
  readonly directions?: readonly ("xx-eng" | "eng-xx")[];
  readonly shots: number;
  readonly seed: number;
  /** Items per language (and direction); all of them where it is left out. */
  readonly limit?: number;
  readonly backend: { kind: "transformers" | "vllm" };
  readonly generation?: GenerationSettings;
  /** Of a translation's BLEU: this tokenizer or no scores; where it is left out, the best that the image has. */
  readonly bleuTokenizer?: "flores200";
  /** Of a benchmark that the evaluator does not know by its name. */
  readonly question?: BenchmarkQuestion;
}

/**
 * How a benchmark asks that the evaluator does not know by its name: in the words of SIB-200 or of FLORES-200, with what
 * is its own. `items` are those of its test split, per language.
 */
export type BenchmarkQuestion =
  | { kind: "classification"; items: number; labels: readonly string[]; heading: string; example: string }
  | { kind: "translation"; items: number };

/** How a translation is drawn; what is left out is the study's. */
export interface GenerationSettings {
  readonly maxNewTokens: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly repetitionPenalty?: number;
}

/** The study's two benchmarks. */
export type StudyBenchmarks = Readonly<Record<"sib200" | "flores200", BenchmarkSettings>>;

/** By name: the study's, then those that the stack adds. */
export type EvaluationSettings = StudyBenchmarks & Readonly<Record<string, BenchmarkSettings>>;
