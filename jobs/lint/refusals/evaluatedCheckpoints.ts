import type { Problem } from "../../../validation/problems.ts";
import type { FamilyConfig } from "../../config/index.ts";
import { listStackCells } from "../../config/index.ts";
import { estimateMixtureTokens } from "../../data/index.ts";
import type { Cell } from "../../matrix/index.ts";
import {
  buildCellRecipe,
  countRecipeSteps,
  maxEvaluatedCheckpoints,
  protocols,
  selectRunCheckpoints,
} from "../../train/index.ts";

/** A cell of which a checkpoint of a known step is evaluated. */
interface CellCheckpoint {
  readonly cell: Cell;
  /** The highest of these steps. */
  readonly evaluatedStep: number;
  /** True if the stack's file names the step, not its protocol. */
  readonly isConfigured: boolean;
  /** Steps of the whole run at the high end of the estimate of its tokens. */
  readonly steps: number;
}

function findEvaluatedCheckpoint(cell: Cell, config: FamilyConfig): CellCheckpoint[] {
  const { nodesPerCell, devicesPerNode } = config.hardware;
  const recipe = buildCellRecipe(cell, config, false);
  const { evaluated } = selectRunCheckpoints(cell, recipe, config);
  const evaluatedStep = Math.max(0, ...evaluated.filter((checkpoint) => checkpoint !== "last"));
  if (evaluatedStep === 0) return [];
  const steps = countRecipeSteps(recipe, {
    tokens: estimateMixtureTokens(cell.parts).high,
    devices: nodesPerCell * devicesPerNode,
  });
  const selected = protocols[config.protocol].selectCheckpoint(cell, recipe);
  return [{ cell, evaluatedStep, isConfigured: evaluatedStep !== selected, steps }];
}

/** Lists the evaluated checkpoints of a stack, without the cells whose last checkpoint is evaluated at any step. */
function listEvaluatedCheckpoints(config: FamilyConfig): CellCheckpoint[] {
  return listStackCells(config).flatMap((cell) => findEvaluatedCheckpoint(cell, config));
}

function describeRunEnd({ cell, steps, evaluatedStep }: CellCheckpoint): string {
  const end = `${cell.id} ends at step ${String(steps)} at the latest`;
  return `${end}, but its checkpoint of step ${String(evaluatedStep)} is evaluated`;
}

function countOthers(others: readonly CellCheckpoint[]): string {
  if (others.length === 0) return "";
  const cells = others.length === 1 ? "1 other cell also ends" : `${String(others.length)} other cells also end`;
  return ` (${cells} too early)`;
}

/** Builds the problem of a stack that names a step which its runs do not reach. */
function buildConfiguredProblems(
  [first, ...others]: readonly CellCheckpoint[],
  { checkpoints }: FamilyConfig,
): Problem[] {
  if (first === undefined) return [];
  const advice = "leave that step out, or name last for the last checkpoint";
  const message = `${describeRunEnd(first)}${countOthers(others)}; ${advice}`;
  const path = "mixcpt:checkpoints.evaluate";
  return [{ rule: "ends-before-its-checkpoint", path, value: checkpoints.evaluate, message }];
}

/** Builds the problem of runs that would reach the step without their overrides; a pattern may give those of many. */
function buildOverrideProblems([first, ...others]: readonly CellCheckpoint[], { overrides }: FamilyConfig): Problem[] {
  if (first === undefined) return [];
  const { id } = first.cell;
  const path = others.length === 0 ? `mixcpt:overrides.${id}` : "mixcpt:overrides";
  const advice = "the run reaches it without this override, so remove or change it";
  const message = `${describeRunEnd(first)}${countOthers(others)}; ${advice}`;
  return [{ rule: "ends-before-its-checkpoint", path, value: overrides[id], message }];
}

/** Builds the problem of runs that would reach the step without the values on the stack's own axes. */
function buildAxisProblems([first, ...others]: readonly CellCheckpoint[], { axes }: FamilyConfig): Problem[] {
  if (first === undefined) return [];
  const advice = "the run reaches it without these axes, so remove the value";
  const message = `${describeRunEnd(first)}${countOthers(others)}; ${advice}`;
  return [{ rule: "ends-before-its-checkpoint", path: "mixcpt:axes", value: axes.settings, message }];
}

function buildHardwareProblems([first, ...others]: readonly CellCheckpoint[], { hardware }: FamilyConfig): Problem[] {
  if (first === undefined) return [];
  const message =
    `${describeRunEnd(first)}${countOthers(others)}; ` +
    "use fewer devices, a shorter mixcpt:sequenceLength or the protocol uniform";
  return [{ rule: "ends-before-its-checkpoint", path: "mixcpt:hardware", value: hardware, message }];
}

function findShortRuns(config: FamilyConfig): CellCheckpoint[] {
  return listEvaluatedCheckpoints(config).filter(({ steps, evaluatedStep }) => steps < evaluatedStep);
}

/** Refuses more evaluated checkpoints than anybody means: a series with a short interval has very many. */
export function checkCheckpointCount(config: FamilyConfig): Problem[] {
  const cell = listStackCells(config).find(
    (one) =>
      selectRunCheckpoints(one, buildCellRecipe(one, config, false), config).evaluated.length > maxEvaluatedCheckpoints,
  );
  if (cell === undefined) return [];
  const limit = String(maxEvaluatedCheckpoints);
  const message = `${cell.id} has more than ${limit} evaluated checkpoints; at most ${limit} are allowed`;
  const path = "mixcpt:checkpoints.evaluate";
  return [{ rule: "not-allowed", path, value: config.checkpoints.evaluate, message }];
}

/**
 * Refuses runs that end before the checkpoint that is evaluated, because the evaluation would wait for it indefinitely.
 * The problem names the step of the stack's file, the override of a cell or the axes if they alone are the cause, or
 * the hardware.
 */
export function checkCheckpointsReached(config: FamilyConfig): Problem[] {
  const short = findShortRuns(config);
  if (short.length === 0) return [];
  const { data, categories } = config.axes;
  const published = { ...config, overrides: {} };
  const shortWithoutOverrides = new Set(findShortRuns(published).map(({ cell }) => cell.id));
  const shortWithoutAxes = new Set(
    findShortRuns({ ...published, axes: { data, categories } }).map(({ cell }) => cell.matrixId),
  );
  const {
    configured = [],
    byOverride = [],
    byAxis = [],
    byHardware = [],
  } = Object.groupBy(short, ({ cell, isConfigured }) => {
    if (isConfigured) return "configured";
    if (!shortWithoutOverrides.has(cell.id)) return "byOverride";
    return shortWithoutAxes.has(cell.matrixId) ? "byHardware" : "byAxis";
  });
  return [
    ...buildConfiguredProblems(configured, config),
    ...buildHardwareProblems(byHardware, config),
    ...buildAxisProblems(byAxis, config),
    ...buildOverrideProblems(byOverride, config),
  ];
}
