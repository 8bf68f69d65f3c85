import type { Ingredient } from "./axisNames.ts";
import { ingredients } from "./axisNames.ts";

export const budgetUnits = ["tokens", "words", "bytes"] as const;
/** The unit of a mixture's budget. Tokens are those of the tokenizer that counts them in STATS.json. */
export type BudgetUnit = (typeof budgetUnits)[number];

/** Text that a stack adds to the study's: files of a hub data set, or of a folder in the store. */
export interface TextSource {
  readonly repository?: string;
  readonly revision?: string;
  /** Path in the store. */
  readonly directory?: string;
  /** Patterns of files, with `{code}` or `{language}` where the language stands. */
  readonly files: readonly string[];
  readonly format: "jsonl" | "parquet" | "tsv";
  readonly column?: string;
  readonly license?: string;
  /** FLORES-200 codes; none for text without a language, such as code. */
  readonly languages: readonly string[];
  /** Words that it has of each language, if they are known. */
  readonly words: Readonly<Record<string, number>>;
}

/** A mixture by weight: a budget that is divided by shares. */
export interface MixtureWeights {
  /** Shares of the budget by ingredient or name of an added source; they add up to 1. */
  readonly shares: Readonly<Record<string, number>>;
  readonly unit: BudgetUnit;
  readonly amount: number;
  /** Languages have parts in proportion to their words to the power of 1/temperature. */
  readonly temperature: number;
  /** How often a text may be read, at most. */
  readonly repeat: number;
  /** The added sources among the shares, by name. */
  readonly sources: Readonly<Record<string, TextSource>>;
}

/** Lists the study's ingredients that have a share, in their usual order. */
export function listWeightedIngredients(shares: MixtureWeights["shares"]): Ingredient[] {
  return ingredients.filter((ingredient) => ingredient in shares);
}
