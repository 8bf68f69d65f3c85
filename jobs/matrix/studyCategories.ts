import { altruisticLanguages, selfishLanguages, stagnantLanguages } from "./knownLanguages.ts";
import type { CategoryName } from "./axisNames.ts";
import type { CategoryTokens } from "./publishedTokens.ts";
import { bilingualTokens, monolingualTokens } from "./publishedTokens.ts";

/** Languages that are trained on together, and the related languages that are evaluated with them. */
export interface Category<Name extends string = string> {
  readonly name: Name;
  readonly title: string;
  /** FLORES-200 codes, excluding English. */
  readonly training: readonly string[];
  readonly related: readonly string[];
  readonly tokens: CategoryTokens;
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
    tokens: { monolingual: monolingualTokens[name], bilingual: bilingualTokens[name] },
  };
}

export const categories: Readonly<Record<CategoryName, Category<CategoryName>>> = {
  Alt: buildStudyCategory("Alt", "Altruistic", altruisticLanguages),
  Sel: buildStudyCategory("Sel", "Selfish", selfishLanguages),
  Stag: buildStudyCategory("Stag", "Stagnant", stagnantLanguages),
};
