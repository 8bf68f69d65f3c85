import type { Category, Ingredient, CellParts } from "../matrix/index.ts";
import { codeTokens } from "../matrix/index.ts";

/**
 * Code in one epoch of a mixture with code, in tokens. An inference of ours: how much of The Stack was taken is not
 * published, but the study's notebooks count 100 M tokens more after two epochs with code than without.
 */
export const codeTokensPerEpoch = 50_000_000;

/** Tokens of one epoch. */
export interface MixtureTokens {
  readonly total: number;
  readonly bySource: { monolingual?: number; bilingual?: number; code?: number };
  /** Of text, by FLORES-200 code; both sides of a pair count for their own language. */
  readonly byLanguage: Readonly<Record<string, number>>;
}

type LanguageTotals = Record<string, number>;

function sumTokens(tokens: readonly number[]) {
  return tokens.reduce((total, some) => total + some, 0);
}

function countBilingualTokens({ tokens }: Category): LanguageTotals {
  const byLanguage: LanguageTotals = {};
  for (const { languages, tokens: sides } of tokens.bilingual) {
    languages.forEach((language, side) => {
      byLanguage[language] = (byLanguage[language] ?? 0) + (sides[side] ?? 0);
    });
  }
  return byLanguage;
}

/** Text that an ingredient adds, by language. */
function countTextTokens(ingredient: Ingredient, category: Category): LanguageTotals {
  switch (ingredient) {
    case "monolingual":
      return { ...category.tokens.monolingual };
    case "bilingual":
      return countBilingualTokens(category);
    case "code":
      return {};
    default:
      return ingredient satisfies never;
  }
}

function addTokenCounts(texts: readonly LanguageTotals[]): LanguageTotals {
  const all: LanguageTotals = {};
  for (const text of texts)
    for (const [language, tokens] of Object.entries(text)) all[language] = (all[language] ?? 0) + tokens;
  return all;
}

/** Tokens that a mixture has in one epoch: of the study's, by the study's own count. */
export function countMixtureTokens({
  ingredients,
  category,
}: Pick<CellParts, "ingredients" | "category">): MixtureTokens {
  const texts = ingredients.map((ingredient) => countTextTokens(ingredient, category));
  const counts = ingredients.map(
    (ingredient, index) =>
      [ingredient, ingredient === "code" ? codeTokensPerEpoch : sumTokens(Object.values(texts[index] ?? {}))] as const,
  );
  return {
    total: sumTokens(counts.map(([, count]) => count)),
    bySource: Object.fromEntries(counts),
    byLanguage: addTokenCounts(texts),
  };
}

/** Code of one epoch by programming language: each has its share of The Stack, in whole tokens. */
export function distributeCodeTokens(): Readonly<Record<string, number>> {
  const all = sumTokens(Object.values(codeTokens));
  return Object.fromEntries(
    Object.entries(codeTokens).map(([language, tokens]) => [language, Math.round((codeTokensPerEpoch * tokens) / all)]),
  );
}
