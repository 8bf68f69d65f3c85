import type { Category, Ingredient, CellParts } from "../matrix/index.ts";
import { codeTokens } from "../matrix/index.ts";

/**
 * Code tokens in one epoch of a mixture with code. Our assumption: the study does not publish how much of The Stack it
 * used, but its notebooks count 100 M tokens more after two epochs with code than without.
 */
export const codeTokensPerEpoch = 50_000_000;

/** The tokens of a mixture in one epoch. */
export interface MixtureTokens {
  readonly total: number;
  readonly bySource: { monolingual?: number; bilingual?: number; code?: number };
  /** Text tokens by FLORES-200 code. Each side of a pair counts toward its language. */
  readonly byLanguage: Readonly<Record<string, number>>;
}

type LanguageTotals = Record<string, number>;

function sumTokens(tokens: readonly number[]) {
  return tokens.reduce((total, count) => total + count, 0);
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

/** Counts the text tokens of an ingredient by language. */
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
  const totals: LanguageTotals = {};
  for (const text of texts)
    for (const [language, tokens] of Object.entries(text)) totals[language] = (totals[language] ?? 0) + tokens;
  return totals;
}

/** Counts the tokens of a mixture in one epoch. For the study's mixtures these are the published counts. */
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

/** Distributes the code tokens of one epoch over programming languages by their share of The Stack, in whole tokens. */
export function distributeCodeTokens(): Readonly<Record<string, number>> {
  const total = sumTokens(Object.values(codeTokens));
  return Object.fromEntries(
    Object.entries(codeTokens).map(([language, tokens]) => [
      language,
      Math.round((codeTokensPerEpoch * tokens) / total),
    ]),
  );
}
