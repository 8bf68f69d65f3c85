import { countMixtureTokens } from "../../data/index.ts";
import type { Cell } from "../../matrix/index.ts";
import type { Problem } from "../../../validation/problems.ts";
import type { FamilyConfig } from "../../config/index.ts";
import { listStackCells } from "../../config/index.ts";
import { listKeptSteps, listWrittenSteps } from "../../estimate/index.ts";
import type { Recipe } from "../../train/index.ts";
import { buildCellRecipe, countRecipeSteps, protocols } from "../../train/index.ts";

/** A cell of which the checkpoint of a certain step is evaluated. */
export interface CellCheckpoint {
  readonly cell: Cell;
  readonly recipe: Recipe;
  readonly evaluated: number;
  /** Of the whole run, by the study's own count of tokens. */
  readonly steps: number;
}

function findEvaluatedCheckpoint(cell: Cell, config: FamilyConfig): CellCheckpoint[] {
  const { nodesPerCell, devicesPerNode } = config.hardware;
  const recipe = buildCellRecipe(cell, config, false);
  const evaluated = protocols[config.protocol].selectCheckpoint(cell, recipe);
  if (evaluated === "last") return [];
  const steps = countRecipeSteps(recipe, {
    tokens: countMixtureTokens(cell.parts).total,
    devices: nodesPerCell * devicesPerNode,
  });
  return [{ cell, recipe, evaluated, steps }];
}

/** Not among them: cells of which the last checkpoint is evaluated, whatever its step. */
export function listEvaluatedCheckpoints(config: FamilyConfig): CellCheckpoint[] {
  return listStackCells(config).flatMap((cell) => findEvaluatedCheckpoint(cell, config));
}

function describeRunEnd({ cell, steps, evaluated }: CellCheckpoint): string {
  return `${cell.id} ends at about step ${String(steps)}, and its checkpoint of step ${String(evaluated)} is evaluated`;
}

function buildOverrideProblem(one: CellCheckpoint, { overrides }: FamilyConfig): Problem {
  const { id } = one.cell;
  const message = `${describeRunEnd(one)}: without this override it would be reached`;
  return { rule: "ends-before-its-checkpoint", path: `mixcpt:overrides.${id}`, value: overrides[id], message };
}

function buildHardwareProblems([first, ...others]: readonly CellCheckpoint[], { hardware }: FamilyConfig): Problem[] {
  if (first === undefined) return [];
  const more = others.length === 0 ? "" : `, and ${String(others.length)} other cells end too early, too`;
  const message = `${describeRunEnd(first)}${more}: take fewer devices, a shorter mixcpt:sequenceLength or the protocol uniform`;
  return [{ rule: "ends-before-its-checkpoint", path: "mixcpt:hardware", value: hardware, message }];
}

function findShortRuns(config: FamilyConfig): CellCheckpoint[] {
  return listEvaluatedCheckpoints(config).filter(({ steps, evaluated }) => steps < evaluated);
}

/** The evaluation of a checkpoint that a run never reaches would wait for ever. What the stack says of one cell alone is named where it is the cause. */
export function checkCheckpointsReached(config: FamilyConfig): Problem[] {
  const anyway = new Set(findShortRuns({ ...config, overrides: {} }).map(({ cell }) => cell.id));
  const { own = [], common = [] } = Object.groupBy(findShortRuns(config), ({ cell }) =>
    anyway.has(cell.id) ? "common" : "own",
  );
  return [...buildHardwareProblems(common, config), ...own.map((one) => buildOverrideProblem(one, config))];
}

function checkCheckpointKept({ cell, recipe, evaluated, steps }: CellCheckpoint): Problem[] {
  const { save_steps: saveSteps, save_total_limit: limit } = recipe;
  if (
    limit === undefined ||
    steps < evaluated ||
    listKeptSteps({ steps, saveSteps, saveTotalLimit: limit }).includes(evaluated)
  )
    return [];
  const enough = listWrittenSteps({ steps, saveSteps }).filter((step) => step >= evaluated).length;
  const message =
    `the checkpoint of step ${String(evaluated)} is evaluated, and the run goes on to about step ${String(steps)} and removes it: ` +
    `leave the limit out, or keep ${String(enough)} checkpoints at least`;
  return [
    {
      rule: "removed-before-it-is-evaluated",
      path: `mixcpt:overrides.${cell.id}.save_total_limit`,
      value: limit,
      message,
    },
  ];
}

/** The trainer keeps the newest checkpoints, and the evaluated one may be older. Only an override sets such a limit. */
export function checkCheckpointsKept(config: FamilyConfig): Problem[] {
  return listEvaluatedCheckpoints(config).flatMap(checkCheckpointKept);
}
