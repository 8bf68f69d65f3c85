export const ingredients = ["monolingual", "bilingual", "code"] as const;
/** A component of a mixture. */
export type Ingredient = (typeof ingredients)[number];

export const dataKinds = ["Mono", "Bi", "Mono+Code", "Bi+Code"] as const;
/** The training data of a study cell: monolingual or bilingual text, with or without code. */
export type DataKind = (typeof dataKinds)[number];

/** The ingredients of the study's mixtures, the smallest mixtures first. */
export const ingredientsByDataKind: Readonly<Record<DataKind, readonly Ingredient[]>> = {
  Mono: ["monolingual"],
  Bi: ["bilingual"],
  "Mono+Code": ["monolingual", "code"],
  "Bi+Code": ["bilingual", "code"],
};

export const categoryNames = ["Alt", "Sel", "Stag"] as const;
/** Altruistic, selfish or stagnant: the languages that training on a language helps. */
export type CategoryName = (typeof categoryNames)[number];
