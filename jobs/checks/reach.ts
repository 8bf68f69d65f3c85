import { mixtureTokens } from "../data/index.ts";
import type { AnyCell, Problem, StackConfig } from "../matrix/index.ts";
import { cells } from "../matrix/index.ts";
import { protocols, recipeOf, recipeSteps } from "../train/index.ts";

interface Short {
  cell: AnyCell;
  steps: number;
  evaluated: number;
}

/** A run that ends before the checkpoint that is evaluated, by the study's own count of tokens. */
function short(cell: AnyCell, config: StackConfig): Short[] {
  const { nodesPerCell, devicesPerNode } = config.hardware;
  const recipe = recipeOf(cell, config, false);
  const evaluated = protocols[config.protocol].evaluated(cell, recipe);
  if (evaluated === "last") return [];
  const steps = recipeSteps(recipe, { tokens: mixtureTokens(cell.parts).total, devices: nodesPerCell * devicesPerNode });
  return steps < evaluated ? [{ cell, steps, evaluated }] : [];
}

/** The evaluation of a checkpoint that a run never reaches would wait for ever. */
export function reachProblems(config: StackConfig): Problem[] {
  const [first, ...others] = cells(config).flatMap((cell) => short(cell, config));
  if (first === undefined) return [];
  const more = others.length === 0 ? "" : `, and ${String(others.length)} other cells end too early, too`;
  const message =
    `${first.cell.id} ends at about step ${String(first.steps)}, and its checkpoint of step ${String(first.evaluated)} is evaluated${more}: ` +
    "take fewer devices, a shorter mixcpt:sequenceLength or the protocol uniform";
  return [{ rule: "ends-before-its-checkpoint", path: "mixcpt:hardware", value: config.hardware, message }];
}
