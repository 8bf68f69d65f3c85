import { filterTranslatedLanguages } from "../data/index.ts";
import type { Category, Family } from "../matrix/index.ts";
import type { AddedBenchmark, AskedBenchmark, BenchmarkChanges } from "../config/index.ts";
import { listBenchmarkLanguages } from "../config/index.ts";
import { english, listCategoryLanguages, selectLanguageNames } from "../matrix/index.ts";
import type { HarnessQuestion } from "./harnessQuestion.ts";
import { buildHarnessQuestion } from "./harnessQuestion.ts";
import type { IdentificationSettings } from "./identificationSettings.ts";
import { buildIdentifications } from "./identificationSettings.ts";

const studyShots = 3;
const studySeed = 42;
const transformersBackend = { kind: "transformers" } as const;
const bothDirections = ["xx-eng", "eng-xx"] as const;

/** The study's sampling, which it ran with vLLM. */
const studyGeneration: GenerationSettings = { maxNewTokens: 128, temperature: 0.1, topP: 0.9, repetitionPenalty: 1.2 };

/** The languages of a category, or of several. */
export type CategoryLanguages = Pick<Category, "training" | "related">;

/** Lists the evaluated languages of a category besides English. */
function listEvaluatedLanguages(category: CategoryLanguages): string[] {
  return listCategoryLanguages([category]).filter((language) => language !== english.code);
}

/** Builds the study's protocol: all items of all languages of the category, and English for classification. */
export function buildStudySettings(category: CategoryLanguages): StudyBenchmarks {
  const languages = listEvaluatedLanguages(category);
  return {
    sib200: {
      languages: [english.code, ...languages],
      shots: studyShots,
      seed: studySeed,
      backend: transformersBackend,
    },
    flores200: {
      languages,
      languageNames: selectLanguageNames([english.code, ...languages]),
      directions: bothDirections,
      shots: studyShots,
      seed: studySeed,
      backend: { kind: "vllm" },
      generation: studyGeneration,
      bleuTokenizer: "flores200",
    },
  };
}

/** Builds a protocol that a CPU finishes in seconds: all classifications, and four sentences per translation. */
export function buildMiniatureSettings(category: CategoryLanguages): StudyBenchmarks {
  const languages = filterTranslatedLanguages(listEvaluatedLanguages(category));
  return {
    sib200: {
      languages: [english.code, ...languages],
      shots: studyShots,
      seed: studySeed,
      backend: transformersBackend,
    },
    flores200: {
      languages,
      languageNames: selectLanguageNames([english.code, ...languages]),
      directions: bothDirections,
      shots: studyShots,
      seed: studySeed,
      limit: 4,
      backend: transformersBackend,
      generation: { maxNewTokens: 32 },
    },
  };
}

/**
 * Builds the settings of an evaluation: the study's for models of the hub, the miniature's for a model of random
 * weights, both with the changes and the added benchmarks of the stack.
 */
export function buildEvaluationSettings(
  languages: CategoryLanguages,
  { base }: Pick<Family, "base">,
  { sib200, flores200, added }: BenchmarkChanges,
): EvaluationSettings {
  const defaults = base === undefined ? buildMiniatureSettings(languages) : buildStudySettings(languages);
  const changed = { sib200: { ...defaults.sib200, ...sib200 }, flores200: { ...defaults.flores200, ...flores200 } };
  const asked = { ...changed, ...buildAddedBenchmarks(added, changed) };
  // last, because their Jobs follow those that translate
  return { ...asked, ...buildIdentifications(added, asked) };
}

function buildQuestion(added: AskedBenchmark): BenchmarkQuestion {
  if (added.kind === "lm-eval") return buildHarnessQuestion(added);
  const { items } = added;
  if (added.kind === "translation") return { kind: added.kind, items };
  const { labels, heading, example, question } = added;
  return { kind: added.kind, items, labels, heading, example, ...(question !== undefined && { question }) };
}

/** Derives the settings of an added benchmark from the study's benchmark of the same kind, for the languages it has. */
function deriveAddedSettings(added: AskedBenchmark, { sib200, flores200 }: StudyBenchmarks): BenchmarkSettings {
  const template = added.kind === "translation" ? flores200 : sib200;
  const { shots = template.shots, seed = template.seed, limit } = added;
  const languages = listBenchmarkLanguages(added) ?? template.languages;
  const directions = added.kind === "translation" ? (added.directions ?? template.directions) : undefined;
  const { generation, bleuTokenizer } = template;
  const backend = "backend" in added ? { kind: added.backend } : template.backend;
  const shared = template.languages.filter((language) => languages.includes(language));
  return {
    languages: shared,
    ...(directions !== undefined && { languageNames: selectLanguageNames([english.code, ...shared]) }),
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

/** Builds the added benchmarks that ask the model, by name, without those that have none of the evaluated languages. */
function buildAddedBenchmarks(
  added: Readonly<Record<string, AddedBenchmark>>,
  study: StudyBenchmarks,
): Record<string, BenchmarkSettings> {
  const benchmarks = Object.entries(added).flatMap(([name, benchmark]) =>
    benchmark.kind === "language-identification" ? [] : [[name, deriveAddedSettings(benchmark, study)] as const],
  );
  return Object.fromEntries(benchmarks.filter(([, { languages }]) => languages.length > 0));
}

/** The settings of one benchmark that asks the model, all of which affect the scores. */
export interface BenchmarkSettings {
  readonly languages: readonly string[];
  /** English names of the languages, which the prompts of a translation contain. */
  readonly languageNames?: Readonly<Record<string, string>>;
  /** Directions of a translation: `eng-xx` is from English, `xx-eng` into English. */
  readonly directions?: readonly ("xx-eng" | "eng-xx")[];
  readonly shots: number;
  readonly seed: number;
  /** Items per language (and direction); all of them if undefined. */
  readonly limit?: number;
  readonly backend: { kind: "transformers" | "vllm" };
  readonly generation?: GenerationSettings;
  /** BLEU's tokenizer, without which the evaluation fails; if undefined, the best one that the image has. */
  readonly bleuTokenizer?: "flores200";
  /** The question of a benchmark that the evaluator has no command for. */
  readonly question?: BenchmarkQuestion;
}

/**
 * The question of an added benchmark: the prompt of SIB-200 or of FLORES-200 with the benchmark's own parts. `items`
 * are those of its test split, per language.
 */
type BenchmarkQuestion =
  | {
      kind: "classification";
      items: number;
      labels: readonly string[];
      heading: string;
      example: string;
      /** The question after the examples; if undefined, the example without its label. */
      question?: string;
    }
  | { kind: "translation"; items: number }
  | HarnessQuestion;

/** Sampling of a translation; the evaluator uses the study's values for undefined ones. */
interface GenerationSettings {
  readonly maxNewTokens: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly repetitionPenalty?: number;
}

/** Settings of the study's two benchmarks. */
type StudyBenchmarks = Readonly<Record<"sib200" | "flores200", BenchmarkSettings>>;

/** Settings by the benchmark's name: the study's, then those that the stack adds. */
export type EvaluationSettings = StudyBenchmarks & Readonly<Record<string, BenchmarkSettings | IdentificationSettings>>;
