import type { Problem, StackConfig } from "../matrix/index.ts";
import { keptSteps, writtenSteps } from "../plan/index.ts";
import type { EvaluatedStep } from "./evaluatedStep.ts";
import { evaluatedSteps } from "./evaluatedStep.ts";

function removed({ cell, recipe, evaluated, steps }: EvaluatedStep): Problem[] {
  const { save_steps: saveSteps, save_total_limit: limit } = recipe;
  if (limit === undefined || steps < evaluated || keptSteps({ steps, saveSteps, saveTotalLimit: limit }).includes(evaluated)) return [];
  const enough = writtenSteps({ steps, saveSteps }).filter((step) => step >= evaluated).length;
  const message =
    `the checkpoint of step ${String(evaluated)} is evaluated, and the run goes on to about step ${String(steps)} and removes it: ` +
    `leave the limit out, or keep ${String(enough)} checkpoints at least`;
  return [{ rule: "removed-before-it-is-evaluated", path: `mixcpt:overrides.${cell.id}.save_total_limit`, value: limit, message }];
}

/** The trainer keeps the newest checkpoints, and the evaluated one may be older. Only an override sets such a limit. */
export const removalProblems = (config: StackConfig): Problem[] => evaluatedSteps(config).flatMap(removed);
