import { z } from "zod";
import type { ProtocolName } from "../matrix/index.ts";
import type { Problem } from "../../validation/problems.ts";
import type { OverriddenCell, RecipeRules } from "../config/index.ts";
import { translateIssues } from "../../validation/zodProblems.ts";
import { protocols } from "./protocols.ts";
import { anySettingSchema } from "./recipeSchema.ts";

/**
 * Settings that no override may change, with the reason. They connect a run with the rest of the matrix, or with its
 * own earlier checkpoints.
 */
const fixedSettings = {
  model_name_or_path: "the family names the model",
  dataset: "the cell names the corpus",
  dataset_dir: "the corpus is stored in the cluster's store",
  output_dir: "a run's folder carries its hash",
  resume_from_checkpoint: "a run resumes from its newest complete checkpoint",
  overwrite_output_dir: "a restarted run must find its checkpoints",
  report_to: "mixcpt:tracker chooses a tracker, for all cells",
  stage: "the study is continual pretraining",
  do_train: "a run trains",
  finetuning_type: "the study trains all weights",
  deepspeed: "the study divides its models by ZeRO stage 3",
  plot_loss: "the report draws the loss",
  save_total_limit: "mixcpt:checkpoints decides which checkpoints are kept",
} as const;

const refusedOverrides = Object.entries(fixedSettings).map(([key, reason]) => {
  const problem = { message: `${reason}, so no override may set it`, params: { rule: "fixed-by-the-project" } };
  return [
    key,
    z
      .unknown()
      .refine((value) => value === undefined, problem)
      .meta({ not: {}, description: `cannot be set: ${reason}` })
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

function checkOverride({ cell, protocol, path, changes }: OverriddenCell): Problem[] {
  const { schema, buildRecipe } = protocols[protocol];
  const recipe = buildRecipe(cell, true);
  const input = { ...recipe, ...changes };
  const { error } = schema.safeParse(input);
  const names = Object.keys(recipe).filter((name) => name in changeableSettingsSchema.shape);
  const problems = translateIssues(error?.issues ?? [], { input, listAllowedKeys: () => names });
  return problems.map((problem) => ({ ...problem, path: `${path}.${problem.path}` }));
}

/** Lists the settings of a protocol's recipes that overrides may change, or those of all protocols. */
function listChangeableSettings(protocol?: ProtocolName): readonly string[] {
  const all = Object.keys(changeableSettingsSchema.shape);
  return protocol === undefined ? all : all.filter((name) => protocols[protocol].settings.includes(name));
}

/** The settings of a recipe that `mixcpt:overrides` may change, and their allowed values. */
export const recipeRules: RecipeRules = {
  overrideSchema: changeableSettingsSchema.partial().extend(Object.fromEntries(refusedOverrides)),
  listSettingNames: listChangeableSettings,
  check: checkOverride,
};
