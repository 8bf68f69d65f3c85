import { altruisticLanguages, selfishLanguages, stagnantLanguages } from "./knownLanguages.ts";
import type { CategoryName } from "./axisNames.ts";
import type { CategoryTokens } from "./publishedTokens.ts";
import { bilingualTokens, monolingualTokens } from "./publishedTokens.ts";

/** Languages that are trained on together, and those that are evaluated because they are related to them. */
export interface Category<Name extends string = string> {
  readonly name: Name;
  readonly title: string;
  /** FLORES-200 codes, without English. */
  readonly training: readonly string[];
  readonly related: readonly string[];
  readonly tokens: CategoryTokens;
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
