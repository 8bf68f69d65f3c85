import type { Problem, StackConfig } from "../matrix/index.ts";
import { evaluatedSteps } from "./evaluatedStep.ts";

/** The evaluation of a checkpoint that a run never reaches would wait for ever. */
export function reachProblems(config: StackConfig): Problem[] {
  const [first, ...others] = evaluatedSteps(config).filter(({ steps, evaluated }) => steps < evaluated);
  if (first === undefined) return [];
  const more = others.length === 0 ? "" : `, and ${String(others.length)} other cells end too early, too`;
  const message =
    `${first.cell.id} ends at about step ${String(first.steps)}, and its checkpoint of step ${String(first.evaluated)} is evaluated${more}: ` +
    "take fewer devices, a shorter mixcpt:sequenceLength or the protocol uniform";
  return [{ rule: "ends-before-its-checkpoint", path: "mixcpt:hardware", value: config.hardware, message }];
}
