import type { Problem, StackConfig } from "../matrix/index.ts";
import type { EvaluatedStep } from "./evaluatedStep.ts";
import { evaluatedSteps } from "./evaluatedStep.ts";

const ends = ({ cell, steps, evaluated }: EvaluatedStep): string =>
  `${cell.id} ends at about step ${String(steps)}, and its checkpoint of step ${String(evaluated)} is evaluated`;

function overrideProblem(one: EvaluatedStep, { overrides }: StackConfig): Problem {
  const { id } = one.cell;
  const message = `${ends(one)}: without this override it would be reached`;
  return { rule: "ends-before-its-checkpoint", path: `mixcpt:overrides.${id}`, value: overrides[id], message };
}

function hardwareProblems([first, ...others]: readonly EvaluatedStep[], { hardware }: StackConfig): Problem[] {
  if (first === undefined) return [];
  const more = others.length === 0 ? "" : `, and ${String(others.length)} other cells end too early, too`;
  const message = `${ends(first)}${more}: take fewer devices, a shorter mixcpt:sequenceLength or the protocol uniform`;
  return [{ rule: "ends-before-its-checkpoint", path: "mixcpt:hardware", value: hardware, message }];
}

const tooShort = (config: StackConfig): EvaluatedStep[] => evaluatedSteps(config).filter(({ steps, evaluated }) => steps < evaluated);

/** The evaluation of a checkpoint that a run never reaches would wait for ever. What the stack says of one cell alone is named where it is the cause. */
export function reachProblems(config: StackConfig): Problem[] {
  const anyway = new Set(tooShort({ ...config, overrides: {} }).map(({ cell }) => cell.id));
  const { own = [], common = [] } = Object.groupBy(tooShort(config), ({ cell }) => (anyway.has(cell.id) ? "common" : "own"));
  return [...hardwareProblems(common, config), ...own.map((one) => overrideProblem(one, config))];
}
