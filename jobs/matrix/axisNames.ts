export const ingredients = ["monolingual", "bilingual", "code"] as const;
/** What a mixture can be made of. */
export type Ingredient = (typeof ingredients)[number];

export const dataKinds = ["Mono", "Bi", "Mono+Code", "Bi+Code"] as const;
/** What a cell of the study is trained on: monolingual or bilingual text, with or without code. */
export type DataKind = (typeof dataKinds)[number];

/** The study's kinds of data, the smallest mixtures first. */
export const ingredientsByDataKind: Readonly<Record<DataKind, readonly Ingredient[]>> = {
  Mono: ["monolingual"],
  Bi: ["bilingual"],
  "Mono+Code": ["monolingual", "code"],
  "Bi+Code": ["bilingual", "code"],
};

export const categoryNames = ["Alt", "Sel", "Stag"] as const;
/** Altruistic, selfish, stagnant: whom training on a language helps. */
export type CategoryName = (typeof categoryNames)[number];
