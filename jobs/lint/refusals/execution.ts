import type { Problem } from "../../../validation/problems.ts";
import type { ExecutionSettings, FamilyConfig } from "../../config/index.ts";
import { listStackCells } from "../../config/index.ts";
import type { Cell } from "../../matrix/index.ts";
import { buildCellRecipe, countSequencesOfStep } from "../../train/index.ts";

type ExecutionProblem = Pick<Problem, "rule" | "value" | "message"> & { readonly key: keyof ExecutionSettings };

function listDivisors(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1).filter((divisor) => count % divisor === 0);
}

/** Refuses a micro-batch that no number of micro-steps makes the batch of the recipe. */
function checkMicroBatch({ id }: Cell, sequences: number, { microBatch }: ExecutionSettings): ExecutionProblem[] {
  if (microBatch === undefined || sequences % microBatch === 0) return [];
  const message =
    `a step of ${id} reads ${String(sequences)} sequences per device, which must be a multiple of it; ` +
    `allowed: ${listDivisors(sequences).join(", ")}`;
  return [{ key: "microBatch", rule: "not-allowed", value: microBatch, message }];
}

/** Refuses settings of DeepSpeed for a recipe that does not use it. */
function checkDeepspeed({ id }: Cell, usesDeepspeed: boolean, execution: ExecutionSettings): ExecutionProblem[] {
  if (usesDeepspeed) return [];
  const keys = (["zero", "buckets", "overlap"] as const).filter((key) => execution[key] !== undefined);
  const message = `the recipe of ${id} does not use DeepSpeed; remove this key`;
  return keys.map((key) => ({ key, rule: "not-allowed", value: execution[key], message }));
}

function checkHierarchy({ zero }: ExecutionSettings, { nodesPerCell }: FamilyConfig["hardware"]): ExecutionProblem[] {
  if (zero !== "hpz" || nodesPerCell > 1) return [];
  const message = "on one node hpz sends as much as ZeRO-3 and needs more memory; use 3, or nodesPerCell of at least 2";
  return [{ key: "zero", rule: "not-allowed", value: zero, message }];
}

/** Refuses an execution that the recipes of a stack do not allow; each key is reported for the first such cell. */
export function checkExecution(config: FamilyConfig): Problem[] {
  const { execution, hardware } = config;
  if (execution === undefined) return [];
  const problems = listStackCells(config).flatMap((cell) => {
    const recipe = buildCellRecipe(cell, { ...config, execution: {} }, false);
    return [
      ...checkMicroBatch(cell, countSequencesOfStep(recipe), execution),
      ...checkDeepspeed(cell, "deepspeed" in recipe, execution),
    ];
  });
  const first = new Map(
    [...problems, ...checkHierarchy(execution, hardware)].toReversed().map((one) => [one.key, one]),
  );
  return [...first.values()].map(({ key, ...problem }) => ({ ...problem, path: `mixcpt:execution.${key}` }));
}
