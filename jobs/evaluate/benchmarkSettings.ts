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
  generation?: GenerationSettings;
  /** Of a translation's BLEU: this tokenizer or no scores; where it is left out, the best that the image has. */
  bleuTokenizer?: "flores200";
  /** Of a benchmark that the evaluator does not know by its name. */
  question?: BenchmarkQuestion;
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
  maxNewTokens: number;
  temperature?: number;
  topP?: number;
  repetitionPenalty?: number;
}

/** The study's two benchmarks. */
export type StudyBenchmarks = Readonly<Record<"sib200" | "flores200", BenchmarkSettings>>;

/** By name: the study's, then those that the stack adds. */
export type EvaluationSettings = StudyBenchmarks & Readonly<Record<string, BenchmarkSettings>>;
