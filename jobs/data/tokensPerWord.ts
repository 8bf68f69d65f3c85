import { declarationCounts, getScript, measuredFamilies, separatesWords } from "../matrix/index.ts";

/** An estimate with the ends of the range in which it lies. */
export interface EstimateBand {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/**
 * Relative error of an estimate. The evaluated steps of the study lie within 20 % of two epochs (docs/recipes.md). Text
 * without spaces between words was counted in a way that is not known; its words are inferred, too.
 */
const relativeError = { withSpaces: 0.2, withoutSpaces: 0.5 };

function widenBand({ low, likely, high }: EstimateBand, error: number): EstimateBand {
  return { low: low * (1 - error), likely, high: high * (1 + error) };
}

/** The smallest, the geometric mean and the largest of some numbers. */
export function spanNumbers(numbers: readonly number[]): EstimateBand {
  const meanLogarithm = numbers.reduce((sum, number) => sum + Math.log(number), 0) / numbers.length;
  return { low: Math.min(...numbers), likely: Math.exp(meanLogarithm), high: Math.max(...numbers) };
}

/**
 * Lists the families whose tokenizers stand for that of a family: its own if it is measured, both otherwise. In each of
 * the 12 mixtures, Viking's evaluated step lies between Llama 3.1's and Llama 2's (docs/recipes.md); for a family that
 * a stack adds this is our assumption.
 */
function selectTokenizers(family: string): readonly (typeof measuredFamilies)[number][] {
  const measured = measuredFamilies.filter((name) => name === family);
  return measured.length > 0 ? measured : measuredFamilies;
}

/** Lists the measured languages that stand for a language: itself, else those in its script, else all of them. */
function selectLanguages(language: string): readonly string[] {
  if (language in declarationCounts) return [language];
  const measured = Object.keys(declarationCounts);
  const related = measured.filter((other) => getScript(other) === getScript(language));
  return related.length > 0 ? related : measured;
}

/** Estimates the tokens of a family's tokenizer per word of a language. */
export function estimateTokensPerWord(family: string, language: string): EstimateBand {
  const ratios = selectLanguages(language).flatMap((name) => {
    const counts = declarationCounts[name];
    return counts === undefined ? [] : selectTokenizers(family).map((one) => counts.tokens[one] / counts.words);
  });
  const { withSpaces, withoutSpaces } = relativeError;
  return widenBand(spanNumbers(ratios), separatesWords(language) ? withSpaces : withoutSpaces);
}

/** Estimates the characters per word of a language, spaces included. */
export function estimateCharactersPerWord(language: string): number {
  const ratios = selectLanguages(language).flatMap((name) => {
    const counts = declarationCounts[name];
    return counts === undefined ? [] : counts.characters / counts.words;
  });
  return spanNumbers(ratios).likely;
}
