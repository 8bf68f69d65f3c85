import type { Problem, FamilyConfig } from "../matrix/index.ts";
import type { CellCheckpoint } from "./evaluatedStep.ts";
import { listEvaluatedCheckpoints } from "./evaluatedStep.ts";

const describeRunEnd = ({ cell, steps, evaluated }: CellCheckpoint): string =>
  `${cell.id} ends at about step ${String(steps)}, and its checkpoint of step ${String(evaluated)} is evaluated`;

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

const findShortRuns = (config: FamilyConfig): CellCheckpoint[] => listEvaluatedCheckpoints(config).filter(({ steps, evaluated }) => steps < evaluated);

/** The evaluation of a checkpoint that a run never reaches would wait for ever. What the stack says of one cell alone is named where it is the cause. */
export function checkCheckpointsReached(config: FamilyConfig): Problem[] {
  const anyway = new Set(findShortRuns({ ...config, overrides: {} }).map(({ cell }) => cell.id));
  const { own = [], common = [] } = Object.groupBy(findShortRuns(config), ({ cell }) => (anyway.has(cell.id) ? "common" : "own"));
  return [...buildHardwareProblems(common, config), ...own.map((one) => buildOverrideProblem(one, config))];
}
