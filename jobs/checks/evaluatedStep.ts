import { mixtureTokens } from "../data/index.ts";
import type { AnyCell, StackConfig } from "../matrix/index.ts";
import { cells } from "../matrix/index.ts";
import type { Recipe } from "../train/index.ts";
import { protocols, recipeOf, recipeSteps } from "../train/index.ts";

/** A cell of which the checkpoint of a certain step is evaluated. */
export interface EvaluatedStep {
  cell: AnyCell;
  recipe: Recipe;
  evaluated: number;
  /** Of the whole run, by the study's own count of tokens. */
  steps: number;
}

function evaluatedStep(cell: AnyCell, config: StackConfig): EvaluatedStep[] {
  const { nodesPerCell, devicesPerNode } = config.hardware;
  const recipe = recipeOf(cell, config, false);
  const evaluated = protocols[config.protocol].evaluated(cell, recipe);
  if (evaluated === "last") return [];
  const steps = recipeSteps(recipe, { tokens: mixtureTokens(cell.parts).total, devices: nodesPerCell * devicesPerNode });
  return [{ cell, recipe, evaluated, steps }];
}

/** Not among them: cells of which the last checkpoint is evaluated, whatever its step. */
export const evaluatedSteps = (config: StackConfig): EvaluatedStep[] => cells(config).flatMap((cell) => evaluatedStep(cell, config));
