import { altruisticLanguages, selfishLanguages, stagnantLanguages } from "./knownLanguages.ts";
import type { CategoryName } from "./axisNames.ts";
import type { CategoryWords } from "./publishedWords.ts";
import { bilingualWords, monolingualWords } from "./publishedWords.ts";
import { convertPublishedWords } from "./wordUnits.ts";

/** Languages that are trained on together, and the related languages that are evaluated with them. */
export interface Category<Name extends string = string> {
  readonly name: Name;
  readonly title: string;
  /** FLORES-200 codes, excluding English. */
  readonly training: readonly string[];
  readonly related: readonly string[];
  /** Words of one epoch; in scripts without spaces between words, as the Unicode algorithm of ICU segments them. */
  readonly words: CategoryWords;
}

/** Lists the languages of categories, those trained on and those related, without duplicates. */
export function listCategoryLanguages(all: readonly Pick<Category, "training" | "related">[]): string[] {
  return [...new Set(all.flatMap(({ training, related }) => [...training, ...related]))];
}

function buildStudyCategory(
  name: CategoryName,
  title: string,
  languages: typeof altruisticLanguages,
): Category<CategoryName> {
  return {
    name,
    title,
    training: languages.map(({ code }) => code),
    related: languages.flatMap(({ related }) => related.map(({ code }) => code)),
    words: convertPublishedWords({ monolingual: monolingualWords[name], bilingual: bilingualWords[name] }),
  };
}

export const categories: Readonly<Record<CategoryName, Category<CategoryName>>> = {
  Alt: buildStudyCategory("Alt", "Altruistic", altruisticLanguages),
  Sel: buildStudyCategory("Sel", "Selfish", selfishLanguages),
  Stag: buildStudyCategory("Stag", "Stagnant", stagnantLanguages),
};
