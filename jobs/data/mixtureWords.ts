import type { Category, Ingredient } from "../matrix/index.ts";
import { codeSizes } from "../matrix/index.ts";

/**
 * Tokens of code in one epoch of a mixture with code. Our assumption: the study does not publish how much of The Stack
 * it used, but its notebooks count 100 M more after two epochs with code than without.
 */
export const codeTokensPerEpoch = 50_000_000;

/** The words of an ingredient in one epoch, by FLORES-200 code. Each side of a pair counts toward its language. */
type WordsByLanguage = Readonly<Record<string, number>>;

function countBilingualWords({ words: { bilingual } }: Category): WordsByLanguage {
  const byLanguage: Record<string, number> = {};
  for (const { languages, words } of bilingual) {
    languages.forEach((language, side) => {
      byLanguage[language] = (byLanguage[language] ?? 0) + (words[side] ?? 0);
    });
  }
  return byLanguage;
}

/** Counts the words of an ingredient by language; code has none. */
export function countIngredientWords(ingredient: Ingredient, category: Category): WordsByLanguage {
  switch (ingredient) {
    case "monolingual":
      return category.words.monolingual;
    case "bilingual":
      return countBilingualWords(category);
    case "code":
      return {};
    default:
      return ingredient satisfies never;
  }
}

/** Distributes the code tokens of one epoch over programming languages by their share of The Stack, in whole tokens. */
export function distributeCodeTokens(): Readonly<Record<string, number>> {
  const total = Object.values(codeSizes).reduce((sum, size) => sum + size, 0);
  return Object.fromEntries(
    Object.entries(codeSizes).map(([language, size]) => [language, Math.round((codeTokensPerEpoch * size) / total)]),
  );
}
