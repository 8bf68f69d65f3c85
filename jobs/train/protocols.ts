import type { z } from "zod";
import type { Cell, ProtocolName } from "../matrix/index.ts";
import { findScoredStep } from "./scoredSteps.ts";
import { buildMiniatureRecipe } from "./miniatureRecipe.ts";
import { buildPublishedRecipe, buildUniformRecipe } from "./publishedRecipes.ts";
import type { Recipe } from "./recipeSchema.ts";
import { recipeSchemas, settingNames } from "./recipeSchema.ts";

/** The checkpoint that is scored: that of a step, or of the last one, whose number shows when the text is cut into sequences. */
export type EvaluatedCheckpoint = number | "last";

export interface Protocol {
  /** What a recipe of this protocol may say. */
  readonly schema: z.ZodType<Recipe>;
  readonly settings: readonly string[];
  /** @param emulated whether the work runs on the CPU */
  readonly buildRecipe: (cell: Cell, emulated: boolean) => Recipe;
  readonly selectCheckpoint: (cell: Cell, recipe: Recipe) => EvaluatedCheckpoint;
}

/** Recipes that count steps end at a step that is known. */
function selectLastCheckpoint(_: Cell, recipe: Recipe): EvaluatedCheckpoint {
  return "max_steps" in recipe ? recipe.max_steps : "last";
}

export const protocols: Readonly<Record<ProtocolName, Protocol>> = {
  miniature: {
    schema: recipeSchemas.stepped,
    settings: settingNames.stepped,
    buildRecipe: (_, emulated) => buildMiniatureRecipe(emulated),
    selectCheckpoint: selectLastCheckpoint,
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
    selectCheckpoint: selectLastCheckpoint,
  },
};
