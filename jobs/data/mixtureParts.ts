import type { Category, CellParts, Ingredient, MixtureWeights, TextSource } from "../matrix/index.ts";
import { codeSizes, english } from "../matrix/index.ts";
import { divideAmount, flattenWeights } from "./divideAmount.ts";
import { distributeCodeTokens } from "./mixtureWords.ts";

/** An amount of text. Words are those of each side of a pair, or of the text alone. */
export type TextAmount =
  | { readonly unit: "words"; readonly sides: readonly number[] }
  | { readonly unit: "tokens" | "bytes"; readonly count: number };

/** The text that a mixture takes of an ingredient or an added source in one language, pair or programming language. */
export interface MixturePart {
  /** An ingredient, or the name of an added source. */
  readonly source: string;
  /** FLORES-200 codes; none for code. */
  readonly languages: readonly string[];
  /** Folder of The Stack. */
  readonly programmingLanguage?: string;
  /** Words of each side as the category or the source states them; undefined where they are not known. */
  readonly words?: readonly number[];
  readonly amount: TextAmount;
  /** How often the text may be read, at most. */
  readonly repeat: number;
}

/** A part without the amount that a mixture takes of it. */
type MixtureText = Omit<MixturePart, "amount" | "repeat">;

/** A text with its weight beside others of the same source. */
interface WeighedText {
  readonly text: MixtureText;
  readonly weight: number;
}

export function sumWords(words: readonly number[]): number {
  return words.reduce((sum, count) => sum + count, 0);
}

function listIngredientTexts(source: Ingredient, { words }: Category): WeighedText[] {
  switch (source) {
    case "monolingual":
      return Object.entries(words.monolingual).map(([language, count]) => ({
        text: { source, languages: [language], words: [count] },
        weight: count,
      }));
    case "bilingual":
      return words.bilingual.map((pair) => ({ text: { source, ...pair }, weight: sumWords(pair.words) }));
    case "code":
      return Object.entries(codeSizes).map(([programmingLanguage, weight]) => ({
        text: { source, languages: [], programmingLanguage },
        weight,
      }));
    default:
      return source satisfies never;
  }
}

/** Lists the texts of an added source in the languages of a category; they weigh the same unless all have words. */
function listSourceTexts(source: string, { languages, words }: TextSource, { training }: Category): WeighedText[] {
  if (languages.length === 0) return [{ text: { source, languages }, weight: 1 }];
  const present = languages.filter((language) => language === english.code || training.includes(language));
  const isCounted = present.every((language) => words[language] !== undefined);
  return present.map((language) => {
    const count = words[language];
    return {
      text: { source, languages: [language], ...(count !== undefined && { words: [count] }) },
      weight: isCounted ? (count ?? 0) : 1,
    };
  });
}

function buildAmount(unit: MixtureWeights["unit"], count: number, { words = [1] }: MixtureText): TextAmount {
  return unit === "words" ? { unit, sides: divideAmount(count, words) } : { unit, count };
}

/** Divides the budget of one share over its texts. Programming languages keep their proportions at any temperature. */
function divideShare(texts: readonly WeighedText[], budget: number, weights: MixtureWeights): MixturePart[] {
  const { unit, temperature, repeat } = weights;
  const isCode = texts.some(({ text }) => text.programmingLanguage !== undefined);
  const own = texts.map(({ weight }) => weight);
  const counts = divideAmount(budget, isCode ? own : flattenWeights(own, temperature));
  return texts.flatMap(({ text }, index) => {
    const count = counts[index] ?? 0;
    return count === 0 ? [] : [{ ...text, amount: buildAmount(unit, count, text), repeat }];
  });
}

/** Lists the parts of a mixture by weight, those of the study's ingredients first, then added sources by name. */
function listWeightedParts(weights: MixtureWeights, ingredients: readonly Ingredient[], category: Category) {
  const { shares, amount, sources } = weights;
  const texts = [
    ...ingredients.map((name) => ({ name, texts: listIngredientTexts(name, category) })),
    ...Object.entries(sources)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, source]) => ({ name, texts: listSourceTexts(name, source, category) })),
  ];
  const budgets = divideAmount(
    amount,
    texts.map(({ name }) => shares[name] ?? 0),
  );
  return texts.flatMap((share, index) => divideShare(share.texts, budgets[index] ?? 0, weights));
}

function listPlainParts(ingredient: Ingredient, category: Category): MixturePart[] {
  const codeTokens = distributeCodeTokens();
  return listIngredientTexts(ingredient, category).map(({ text }) => {
    const { programmingLanguage, words = [] } = text;
    const amount: TextAmount =
      programmingLanguage === undefined
        ? { unit: "words", sides: words }
        : { unit: "tokens", count: codeTokens[programmingLanguage] ?? 0 };
    return { ...text, amount, repeat: 1 };
  });
}

/** Lists the parts of a mixture: the amounts of a budget by shares, or all that the category has of each ingredient. */
export function listMixtureParts({
  ingredients,
  weights,
  category,
}: Pick<CellParts, "ingredients" | "weights" | "category">): MixturePart[] {
  return weights === undefined
    ? ingredients.flatMap((ingredient) => listPlainParts(ingredient, category))
    : listWeightedParts(weights, ingredients, category);
}
