import type { z } from "zod";
import type { Cell, ProtocolName } from "../matrix/index.ts";
import { findScoredStep } from "./scoredSteps.ts";
import { buildMiniatureRecipe } from "./miniatureRecipe.ts";
import { buildPublishedRecipe, buildUniformRecipe } from "./publishedRecipes.ts";
import type { Recipe } from "./recipeSchema.ts";
import { recipeSchemas, settingNames } from "./recipeSchema.ts";

/** The evaluated checkpoint: that of a known step, or the last one, whose step depends on the length of the text. */
export type EvaluatedCheckpoint = number | "last";

/** The rules by which a cell gets its recipe and its evaluated checkpoint. */
interface Protocol {
  /** Schema of the recipes of this protocol. */
  readonly schema: z.ZodType<Recipe>;
  /** Names of the settings that such a recipe may have. */
  readonly settings: readonly string[];
  /** @param emulated whether the work runs on the CPU */
  readonly buildRecipe: (cell: Cell, emulated: boolean) => Recipe;
  /** The evaluated checkpoint of a stack that names none. */
  readonly selectCheckpoint: (cell: Cell, recipe: Recipe) => EvaluatedCheckpoint;
}

/** The last checkpoint; its step is known if the recipe has a fixed number of steps. */
export function selectLastCheckpoint(recipe: Recipe): EvaluatedCheckpoint {
  return "max_steps" in recipe ? recipe.max_steps : "last";
}

export const protocols: Readonly<Record<ProtocolName, Protocol>> = {
  miniature: {
    schema: recipeSchemas.stepped,
    settings: settingNames.stepped,
    buildRecipe: (_, emulated) => buildMiniatureRecipe(emulated),
    selectCheckpoint: (_, recipe) => selectLastCheckpoint(recipe),
  },
  "as-published": {
    schema: recipeSchemas.epochs,
    settings: settingNames.epochs,
    buildRecipe: buildPublishedRecipe,
    selectCheckpoint: findScoredStep,
  },
  uniform: {
    schema: recipeSchemas.epochs,
    settings: settingNames.epochs,
    buildRecipe: buildUniformRecipe,
    selectCheckpoint: (_, recipe) => selectLastCheckpoint(recipe),
  },
};
