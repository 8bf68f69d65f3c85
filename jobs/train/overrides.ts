import { z } from "zod";
import type { ProtocolName } from "../matrix/index.ts";
import type { Problem } from "../../validation/problems.ts";
import type { OverriddenCell, RecipeRules } from "../config/index.ts";
import { translateIssues } from "../../validation/zodProblems.ts";
import { protocols } from "./protocols.ts";
import type { Recipe } from "./recipeSchema.ts";
import { anySettingSchema } from "./recipeSchema.ts";

/** What connects a run with the rest of the matrix, or with its own earlier self. */
const fixedSettings = {
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
  deepspeed: "the study shares its models out by ZeRO stage 3",
  plot_loss: "the report draws the loss",
} as const;

const refusedOverrides = Object.entries(fixedSettings).map(([key, reason]) => {
  const problem = { message: `${reason}, so no override may set it`, params: { rule: "fixed-by-the-project" } };
  return [
    key,
    z
      .unknown()
      .refine((value) => value === undefined, problem)
      .optional(),
  ] as const;
});

const changeableSettingsSchema = anySettingSchema.omit({
  report_to: true,
  stage: true,
  do_train: true,
  finetuning_type: true,
  deepspeed: true,
  plot_loss: true,
});

/** A checkpoint can be evaluated if its step is one at which checkpoints are written. */
function checkEvaluatedCheckpoint(recipe: Recipe, { cell, protocol, path, changes }: OverriddenCell): Problem[] {
  const step = protocols[protocol].selectCheckpoint(cell, recipe);
  const every = recipe.save_steps;
  if (step === "last" || step % every === 0) return [];
  const message = `the checkpoint of step ${String(step)} is evaluated and not written: save_steps is ${String(every)}, and it must divide ${String(step)}`;
  return [{ rule: "checkpoint-never-written", path, value: changes, message }];
}

function checkOverride(overridden: OverriddenCell): Problem[] {
  const { cell, protocol, path, changes } = overridden;
  const { schema, buildRecipe: recipe } = protocols[protocol];
  const input = { ...recipe(cell, true), ...changes };
  const result = schema.safeParse(input);
  if (result.success) return checkEvaluatedCheckpoint(result.data, overridden);
  const names = Object.keys(recipe(cell, true)).filter((name) => name in changeableSettingsSchema.shape);
  return translateIssues(result.error.issues, { input, listAllowedKeys: () => names }).map((problem) => ({
    ...problem,
    path: `${path}.${problem.path}`,
  }));
}

/** Settings that recipes of a protocol have and overrides may change; of all protocols where it is not known. */
function listChangeableSettings(protocol?: ProtocolName): readonly string[] {
  const all = Object.keys(changeableSettingsSchema.shape);
  return protocol === undefined ? all : all.filter((name) => protocols[protocol].settings.includes(name));
}

/** Which settings of a recipe `mixcpt:overrides` may change, and to what. */
export const recipeRules: RecipeRules = {
  overrideSchema: changeableSettingsSchema.partial().extend(Object.fromEntries(refusedOverrides)),
  listSettingNames: listChangeableSettings,
  check: checkOverride,
};
