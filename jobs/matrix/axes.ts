import { altruistic, selfish, stagnant } from "./languages.ts";

export const dataKinds = ["Mono", "Bi", "Mono+Code", "Bi+Code"] as const;
/** What a cell is trained on: monolingual or bilingual text, with or without code. */
export type DataKind = (typeof dataKinds)[number];

export const categoryNames = ["Alt", "Sel", "Stag"] as const;
/** Altruistic, selfish, stagnant: whom training on a language helps. */
export type CategoryName = (typeof categoryNames)[number];

export interface Category {
  name: CategoryName;
  title: string;
  training: readonly string[];
  related: readonly string[];
}

function category(name: CategoryName, title: string, languages: typeof altruistic): Category {
  return {
    name,
    title,
    training: languages.map(({ code }) => code),
    related: languages.flatMap(({ related }) => related.map(({ code }) => code)),
  };
}

export const categories: Readonly<Record<CategoryName, Category>> = {
  Alt: category("Alt", "Altruistic", altruistic),
  Sel: category("Sel", "Selfish", selfish),
  Stag: category("Stag", "Stagnant", stagnant),
};
