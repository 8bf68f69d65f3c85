import { mixtureTokens } from "./data/index.ts";
import type { AnyCell, Problem, StackConfig } from "./matrix/index.ts";
import { cells } from "./matrix/index.ts";
import { protocols, recipeOf, trainingSteps } from "./train/index.ts";

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
  if ("max_steps" in recipe || evaluated === "last") return [];
  const trainedOn = recipe.do_eval ? 1 - recipe.val_size : 1;
  const steps = trainingSteps({
    tokens: mixtureTokens(cell.parts).total * trainedOn,
    cutoffLen: recipe.cutoff_len,
    batch: recipe.per_device_train_batch_size,
    accumulation: recipe.gradient_accumulation_steps,
    devices: nodesPerCell * devicesPerNode,
    epochs: recipe.num_train_epochs,
  });
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
