import type { z } from "zod";
import type { AnyCell, ProtocolName } from "../matrix/index.ts";
import { evaluatedStep } from "./evaluatedSteps.ts";
import { miniatureRecipe } from "./miniature.ts";
import { asPublishedRecipe, uniformRecipe } from "./published.ts";
import type { Recipe } from "./recipe.ts";
import { recipeSchemas, settingNames } from "./recipe.ts";

/** The checkpoint that is scored: that of a step, or of the last one, whose number shows when the text is cut into sequences. */
export type Evaluated = number | "last";

export interface Protocol {
  /** What a recipe of this protocol may say. */
  schema: z.ZodType<Recipe>;
  settings: readonly string[];
  /** @param emulated whether the work runs on the CPU */
  recipe: (cell: AnyCell, emulated: boolean) => Recipe;
  evaluated: (cell: AnyCell, recipe: Recipe) => Evaluated;
}

/** Recipes that count steps end at a step that is known. */
const lastStep = (_: AnyCell, recipe: Recipe): Evaluated => ("max_steps" in recipe ? recipe.max_steps : "last");

export const protocols: Readonly<Record<ProtocolName, Protocol>> = {
  miniature: { schema: recipeSchemas.stepped, settings: settingNames.stepped, recipe: (_, emulated) => miniatureRecipe(emulated), evaluated: lastStep },
  "as-published": { schema: recipeSchemas.epochs, settings: settingNames.epochs, recipe: asPublishedRecipe, evaluated: evaluatedStep },
  uniform: { schema: recipeSchemas.epochs, settings: settingNames.epochs, recipe: uniformRecipe, evaluated: lastStep },
};
