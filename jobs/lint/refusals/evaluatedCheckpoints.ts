import type { Problem } from "../../../validation/problems.ts";
import type { FamilyConfig } from "../../config/index.ts";
import { listStackCells } from "../../config/index.ts";
import { estimateMixtureTokens } from "../../data/index.ts";
import { listKeptSteps, listWrittenSteps } from "../../estimate/index.ts";
import type { Cell } from "../../matrix/index.ts";
import type { Recipe } from "../../train/index.ts";
import { buildCellRecipe, countRecipeSteps, protocols } from "../../train/index.ts";

/** A cell whose evaluated checkpoint is that of a known step. */
interface CellCheckpoint {
  readonly cell: Cell;
  readonly recipe: Recipe;
  readonly evaluatedStep: number;
  /** Steps of the whole run at the high end of the estimate of its tokens. */
  readonly steps: number;
}

function findEvaluatedCheckpoint(cell: Cell, config: FamilyConfig): CellCheckpoint[] {
  const { nodesPerCell, devicesPerNode } = config.hardware;
  const recipe = buildCellRecipe(cell, config, false);
  const evaluatedStep = protocols[config.protocol].selectCheckpoint(cell, recipe);
  if (evaluatedStep === "last") return [];
  const steps = countRecipeSteps(recipe, {
    tokens: estimateMixtureTokens(cell.parts).high,
    devices: nodesPerCell * devicesPerNode,
  });
  return [{ cell, recipe, evaluatedStep, steps }];
}

/** Lists the evaluated checkpoints of a stack, without the cells whose last checkpoint is evaluated at any step. */
function listEvaluatedCheckpoints(config: FamilyConfig): CellCheckpoint[] {
  return listStackCells(config).flatMap((cell) => findEvaluatedCheckpoint(cell, config));
}

function describeRunEnd({ cell, steps, evaluatedStep }: CellCheckpoint): string {
  const end = `${cell.id} ends at step ${String(steps)} at the latest`;
  return `${end}, but its checkpoint of step ${String(evaluatedStep)} is evaluated`;
}

function buildOverrideProblem(checkpoint: CellCheckpoint, { overrides }: FamilyConfig): Problem {
  const { id } = checkpoint.cell;
  return {
    rule: "ends-before-its-checkpoint",
    path: `mixcpt:overrides.${id}`,
    value: overrides[id],
    message: `${describeRunEnd(checkpoint)}; the run reaches it without this override, so remove or change it`,
  };
}

function buildHardwareProblems([first, ...others]: readonly CellCheckpoint[], { hardware }: FamilyConfig): Problem[] {
  if (first === undefined) return [];
  const more = others.length === 0 ? "" : ` (${String(others.length)} other cells also end too early)`;
  const message =
    `${describeRunEnd(first)}${more}; ` + "use fewer devices, a shorter mixcpt:sequenceLength or the protocol uniform";
  return [{ rule: "ends-before-its-checkpoint", path: "mixcpt:hardware", value: hardware, message }];
}

function findShortRuns(config: FamilyConfig): CellCheckpoint[] {
  return listEvaluatedCheckpoints(config).filter(({ steps, evaluatedStep }) => steps < evaluatedStep);
}

/**
 * Refuses runs that end before the checkpoint that is evaluated, because the evaluation would wait for it indefinitely.
 * The problem names the override of a cell if that alone is the cause, and the hardware otherwise.
 */
export function checkCheckpointsReached(config: FamilyConfig): Problem[] {
  const shortWithoutOverrides = new Set(findShortRuns({ ...config, overrides: {} }).map(({ cell }) => cell.id));
  const { byOverride = [], byHardware = [] } = Object.groupBy(findShortRuns(config), ({ cell }) =>
    shortWithoutOverrides.has(cell.id) ? "byHardware" : "byOverride",
  );
  return [
    ...buildHardwareProblems(byHardware, config),
    ...byOverride.map((checkpoint) => buildOverrideProblem(checkpoint, config)),
  ];
}

function checkCheckpointKept({ cell, recipe, evaluatedStep, steps }: CellCheckpoint): Problem[] {
  const { save_steps: saveSteps, save_total_limit: limit } = recipe;
  if (limit === undefined || steps < evaluatedStep) return [];
  if (listKeptSteps({ steps, saveSteps, saveTotalLimit: limit }).includes(evaluatedStep)) return [];
  const enough = listWrittenSteps({ steps, saveSteps }).filter((step) => step >= evaluatedStep).length;
  const message =
    `the checkpoint of step ${String(evaluatedStep)} is evaluated, but this limit removes it ` +
    `before the run ends at about step ${String(steps)}; ` +
    `leave the limit out or keep at least ${String(enough)} checkpoints`;
  return [
    {
      rule: "removed-before-it-is-evaluated",
      path: `mixcpt:overrides.${cell.id}.save_total_limit`,
      value: limit,
      message,
    },
  ];
}

/**
 * Refuses limits that remove the evaluated checkpoint: the trainer keeps the newest checkpoints, and the evaluated one
 * may be older. Only an override sets such a limit.
 */
export function checkCheckpointsKept(config: FamilyConfig): Problem[] {
  return listEvaluatedCheckpoints(config).flatMap(checkCheckpointKept);
}
