import type { Category } from "./studyCategories.ts";
import { categories } from "./studyCategories.ts";
import type { Ingredient } from "./axisNames.ts";
import { ingredientsByDataKind } from "./axisNames.ts";
import type { Family } from "./families.ts";
import { families } from "./families.ts";
import type { MixtureWeights } from "./mixtureWeights.ts";

/** The axes that cells are combined from: the study's, extended by the configuration of a stack. */
export interface Matrix {
  readonly families: Readonly<Record<string, Family>>;
  /** Ingredients by mixture name, the smallest mixtures first. */
  readonly mixtures: Readonly<Record<string, readonly Ingredient[]>>;
  /** What mixtures by weight add to their ingredients, by name. */
  readonly weights: Readonly<Record<string, MixtureWeights>>;
  readonly categories: Readonly<Record<string, Category>>;
}

/** The paper's matrix and the tiny family of the miniature. */
export const studyMatrix: Matrix = { families, mixtures: ingredientsByDataKind, weights: {}, categories };

/**
 * Returns the entry with this name. The configuration is already checked, so a missing entry is a bug.
 * @throws RangeError listing the existing names
 */
export function requireEntry<Entry>(entries: Readonly<Record<string, Entry>>, name: string): Entry {
  const entry = entries[name];
  if (entry === undefined) throw new RangeError(`unknown name ${name}; known: ${Object.keys(entries).join(", ")}`);
  return entry;
}
