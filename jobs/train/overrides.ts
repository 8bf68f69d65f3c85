import { z } from "zod";
import type { Problem, RecipeRules } from "../matrix/index.ts";
import { miniatureRecipe } from "./miniature.ts";
import type { Recipe } from "./recipe.ts";
import { recipeSchema } from "./recipe.ts";

/** What connects a run with the rest of the matrix, or with its own earlier self. */
const fixed = {
  model_name_or_path: "the family names the model",
  dataset: "the cell names the corpus",
  dataset_dir: "the corpus lies in the store",
  output_dir: "a run's folder carries its hash",
  resume_from_checkpoint: "a run resumes from its newest complete checkpoint",
  overwrite_output_dir: "a run that is started again must find its checkpoints",
  report_to: "no service outside the cluster is called",
  stage: "the study is continual pre-training",
  do_train: "a run trains",
  finetuning_type: "the study trains all weights",
  plot_loss: "the report draws the loss",
} as const;

const refused = Object.entries(fixed).map(([key, reason]) => {
  const problem = { message: `${reason}, so no override may set it`, params: { rule: "fixed-by-the-project" } };
  return [key, z.unknown().refine((value) => value === undefined, problem).optional()] as const;
});

const changeable = recipeSchema.omit({
  report_to: true,
  stage: true,
  do_train: true,
  finetuning_type: true,
  plot_loss: true,
});

/** The evaluated checkpoint is the last one, so the last step must be one at which a checkpoint is written. */
function checkpointProblems(overrides: Readonly<Record<string, unknown>>, path: string): Problem[] {
  const { max_steps: steps, save_steps: every } = { ...miniatureRecipe(true), ...overrides } as Recipe;
  if (steps % every === 0) return [];
  const message = `the last of ${String(steps)} steps is not written: save_steps is ${String(every)}, and it must divide max_steps`;
  return [{ rule: "checkpoint-never-written", path, value: overrides, message }];
}

/** Which settings of a recipe `mixcpt:overrides` may change, and to what. */
export const recipeRules: RecipeRules = {
  keys: changeable.partial().extend(Object.fromEntries(refused)),
  names: Object.keys(changeable.shape),
  check: checkpointProblems,
};
