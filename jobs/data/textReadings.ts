import type { CellParts } from "../matrix/index.ts";
import { listMixtureParts, sumWords } from "./mixtureParts.ts";
import { estimateWordsOfSides } from "./weightedTokens.ts";

/** The estimated readings of a text that its part of a budget needs. */
export interface TextReading {
  /** An ingredient, or the name of an added source. */
  readonly source: string;
  /** FLORES-200 code, or two with a dash between them. */
  readonly language: string;
  /** The part of the budget by the words that the category or the source states: 2.5 is twice and a half. */
  readonly readings: number;
  /** Readings that the mixture allows. */
  readonly repeat: number;
}

/** Lists the readings of the texts of a mixture by weight whose words are known; none for other mixtures. */
export function listTextReadings(parts: Pick<CellParts, "ingredients" | "weights" | "category">): TextReading[] {
  if (parts.weights === undefined) return [];
  return listMixtureParts(parts).flatMap((part) => {
    const { source, languages, words, repeat } = part;
    if (words === undefined) return [];
    const readings = sumWords(estimateWordsOfSides(part)) / sumWords(words);
    return [{ source, language: languages.join("-"), readings, repeat }];
  });
}
