import type { Problem, FamilyConfig } from "../matrix/index.ts";
import { listKeptSteps, listWrittenSteps } from "../plan/index.ts";
import type { CellCheckpoint } from "./evaluatedStep.ts";
import { listEvaluatedCheckpoints } from "./evaluatedStep.ts";

function checkCheckpointKept({ cell, recipe, evaluated, steps }: CellCheckpoint): Problem[] {
  const { save_steps: saveSteps, save_total_limit: limit } = recipe;
  if (limit === undefined || steps < evaluated || listKeptSteps({ steps, saveSteps, saveTotalLimit: limit }).includes(evaluated)) return [];
  const enough = listWrittenSteps({ steps, saveSteps }).filter((step) => step >= evaluated).length;
  const message =
    `the checkpoint of step ${String(evaluated)} is evaluated, and the run goes on to about step ${String(steps)} and removes it: ` +
    `leave the limit out, or keep ${String(enough)} checkpoints at least`;
  return [{ rule: "removed-before-it-is-evaluated", path: `mixcpt:overrides.${cell.id}.save_total_limit`, value: limit, message }];
}

/** The trainer keeps the newest checkpoints, and the evaluated one may be older. Only an override sets such a limit. */
export const checkCheckpointsKept = (config: FamilyConfig): Problem[] => listEvaluatedCheckpoints(config).flatMap(checkCheckpointKept);
