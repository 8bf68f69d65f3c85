import type { Category } from "./studyCategories.ts";
import { categories } from "./studyCategories.ts";
import type { Ingredient } from "./axisNames.ts";
import { ingredientsByDataKind } from "./axisNames.ts";
import type { Family } from "./families.ts";
import { families } from "./families.ts";

/** What cells can be made of: the study's axes, and what a stack's configuration adds to them. */
export interface Matrix {
  readonly families: Readonly<Record<string, Family>>;
  /** Kinds of data by name, the smallest mixtures first. */
  readonly mixtures: Readonly<Record<string, readonly Ingredient[]>>;
  readonly categories: Readonly<Record<string, Category>>;
}

/** The paper's matrix, and the family of the miniature. */
export const studyMatrix: Matrix = { families, mixtures: ingredientsByDataKind, categories };

/**
 * The entry of this name. The configuration has been checked, so that a missing one is a mistake of the program.
 * @throws RangeError naming what there is
 */
export function requireEntry<Entry>(entries: Readonly<Record<string, Entry>>, name: string): Entry {
  const entry = entries[name];
  if (entry === undefined) throw new RangeError(`there is no ${name}; there are ${Object.keys(entries).join(", ")}`);
  return entry;
}
