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

const ends = ({ cell, steps, evaluated }: Short): string =>
  `${cell.id} ends at about step ${String(steps)}, and its checkpoint of step ${String(evaluated)} is evaluated`;

function overrideProblem(one: Short, config: StackConfig): Problem {
  const { id } = one.cell;
  const message = `${ends(one)}: without this override it would be reached`;
  return { rule: "ends-before-its-checkpoint", path: `mixcpt:overrides.${id}`, value: config.overrides[id], message };
}

function hardwareProblems([first, ...others]: readonly Short[], { hardware }: StackConfig): Problem[] {
  if (first === undefined) return [];
  const more = others.length === 0 ? "" : `, and ${String(others.length)} other cells end too early, too`;
  const message = `${ends(first)}${more}: take fewer devices, a shorter mixcpt:sequenceLength or the protocol uniform`;
  return [{ rule: "ends-before-its-checkpoint", path: "mixcpt:hardware", value: hardware, message }];
}

/** The evaluation of a checkpoint that a run never reaches would wait for ever. What the stack says of one cell alone is named where it is the cause. */
export function reachProblems(config: StackConfig): Problem[] {
  const all = cells(config).flatMap((cell) => short(cell, config));
  const isByOverride = ({ cell }: Short): boolean => config.overrides[cell.id] !== undefined && short(cell, { ...config, overrides: {} }).length === 0;
  const { own = [], common = [] } = Object.groupBy(all, (one) => (isByOverride(one) ? "own" : "common"));
  return [...hardwareProblems(common, config), ...own.map((one) => overrideProblem(one, config))];
}
