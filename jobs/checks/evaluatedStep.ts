import { countMixtureTokens } from "../data/index.ts";
import type { Cell, FamilyConfig } from "../matrix/index.ts";
import { listStackCells } from "../matrix/index.ts";
import type { Recipe } from "../train/index.ts";
import { protocols, buildCellRecipe, countRecipeSteps } from "../train/index.ts";

/** A cell of which the checkpoint of a certain step is evaluated. */
export interface CellCheckpoint {
  cell: Cell;
  recipe: Recipe;
  evaluated: number;
  /** Of the whole run, by the study's own count of tokens. */
  steps: number;
}

function findEvaluatedCheckpoint(cell: Cell, config: FamilyConfig): CellCheckpoint[] {
  const { nodesPerCell, devicesPerNode } = config.hardware;
  const recipe = buildCellRecipe(cell, config, false);
  const evaluated = protocols[config.protocol].selectCheckpoint(cell, recipe);
  if (evaluated === "last") return [];
  const steps = countRecipeSteps(recipe, { tokens: countMixtureTokens(cell.parts).total, devices: nodesPerCell * devicesPerNode });
  return [{ cell, recipe, evaluated, steps }];
}

/** Not among them: cells of which the last checkpoint is evaluated, whatever its step. */
export const listEvaluatedCheckpoints = (config: FamilyConfig): CellCheckpoint[] => listStackCells(config).flatMap((cell) => findEvaluatedCheckpoint(cell, config));
