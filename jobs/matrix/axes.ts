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

export const familyNames = ["tiny", "llama-2", "llama-3.1", "viking"] as const;
export type FamilyName = (typeof familyNames)[number];

export const protocolNames = ["miniature"] as const;
/** How a recipe is chosen. `miniature` is ours: small enough for a CPU. */
export type ProtocolName = (typeof protocolNames)[number];

export interface Family {
  name: FamilyName;
  title: string;
  /** First part of a cell's id. */
  prefix: string;
  protocols: readonly ProtocolName[];
}

export const families: Readonly<Record<FamilyName, Family>> = {
  tiny: { name: "tiny", title: "Tiny Llama", prefix: "Tiny", protocols: ["miniature"] },
  "llama-2": { name: "llama-2", title: "Llama 2 7B", prefix: "L2", protocols: [] },
  "llama-3.1": { name: "llama-3.1", title: "Llama 3.1 8B", prefix: "L3", protocols: [] },
  viking: { name: "viking", title: "Viking 7B", prefix: "V7", protocols: [] },
};
