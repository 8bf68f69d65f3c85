import type { Category, Cell } from "../matrix/index.ts";
import { categories, english } from "../matrix/index.ts";
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
  generation?: { maxNewTokens: number };
}

const shots = 3;
const seed = 42;
const backend = { kind: "transformers" } as const;

/** Those of the category that have a text, without English. */
function evaluated({ training, related }: Category): string[] {
  return translated([...training, ...related]);
}

/** The paper's benchmarks, with as many items as a CPU answers in seconds. */
export function miniatureEvaluation({ category }: Pick<Cell, "category">): Record<BenchmarkName, BenchmarkSettings> {
  const languages = evaluated(categories[category]);
  return {
    sib200: { languages: [english.code, ...languages], shots, seed, limit: 12, backend },
    flores200: {
      languages,
      directions: ["xx-eng", "eng-xx"],
      shots,
      seed,
      limit: 4,
      backend,
      generation: { maxNewTokens: 32 },
    },
  };
}

/** The paper's benchmarks as the paper runs them: every language of the category, every item. */
export function studyEvaluation({ category }: Pick<Cell, "category">): Record<BenchmarkName, BenchmarkSettings> {
  const { training, related } = categories[category];
  const languages = [...training, ...related];
  const common = { shots, seed, backend: { kind: "vllm" } } as const;
  return {
    sib200: { languages: [english.code, ...languages], ...common },
    flores200: { languages, directions: ["xx-eng", "eng-xx"], ...common },
  };
}
