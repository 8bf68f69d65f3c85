import { declarationCounts } from "./declarationCounts.ts";
import type { CategoryWords, PairWords } from "./publishedWords.ts";

/** Scripts that do not separate words with spaces, as they end FLORES-200 codes. */
export const scriptsWithoutSpaces: ReadonlySet<string> = new Set("Hans Hant Jpan Khmr Laoo Mymr Thai Tibt".split(" "));

/** Returns the script of a FLORES-200 code: `Thai` for `tha_Thai`. */
export function getScript(language: string): string {
  return language.slice(-4);
}

/** Returns true if a space separates the words of a language, so that counting words needs no dictionary. */
export function separatesWords(language: string): boolean {
  return !scriptsWithoutSpaces.has(getScript(language));
}

/**
 * Words of ICU in one published word of monolingual Chinese, Khmer and Thai. Inferred from the evaluated steps: with
 * this one factor all 18 cells with monolingual text lie near two epochs, with the tokenizers of three families
 * (docs/recipes.md).
 */
const wordsPerPublishedWord = 2.2;

function convertMonolingualWords([language, words]: [string, number]): [string, number] {
  return [language, separatesWords(language) ? words : Math.round(wordsPerPublishedWord * words)];
}

function countDeclarationWords(language: string): number {
  return declarationCounts[language]?.words ?? NaN;
}

/**
 * Counts the words of the side of a pair whose script has no spaces: a translation is as long, in proportion to the
 * Declaration, as the side whose words can be counted. Both sides stay as published if neither can.
 */
function convertPairWords({ languages, words }: PairWords): PairWords {
  const [first, second] = languages;
  const ratio = countDeclarationWords(first) / countDeclarationWords(second);
  if (separatesWords(first) === separatesWords(second)) return { languages, words };
  return {
    languages,
    words: separatesWords(first) ? [words[0], Math.round(words[0] / ratio)] : [Math.round(words[1] * ratio), words[1]],
  };
}

/** Converts the words of a category as published into words of one unit for all languages. */
export function convertPublishedWords({ monolingual, bilingual }: CategoryWords): CategoryWords {
  return {
    monolingual: Object.fromEntries(Object.entries(monolingual).map(convertMonolingualWords)),
    bilingual: bilingual.map(convertPairWords),
  };
}
