import type { ProtocolName } from "../matrix/index.ts";
import type { Problem } from "../../validation/problems.ts";
import type { ChangedCell, RecipeRules } from "../config/index.ts";
import { translateIssues } from "../../validation/zodProblems.ts";
import { protocols } from "./protocols.ts";
import { axisSchemas } from "./axisSchemas.ts";
import { anySettingSchema } from "./recipeSchema.ts";
import { buildFixedSettings } from "./refusedSettings.ts";

const changeableSettingsSchema = anySettingSchema.omit({
  report_to: true,
  stage: true,
  do_train: true,
  finetuning_type: true,
  deepspeed: true,
  plot_loss: true,
});

function checkChangedRecipe({ cell, protocol, changes }: ChangedCell): Problem[] {
  const { schema, buildRecipe } = protocols[protocol];
  const recipe = buildRecipe(cell, true);
  const input = { ...recipe, ...changes };
  const { error } = schema.safeParse(input);
  const names = Object.keys(recipe).filter((name) => name in changeableSettingsSchema.shape);
  return translateIssues(error?.issues ?? [], { input, listAllowedKeys: () => names });
}

/** Lists the settings of a protocol's recipes that overrides may change, or those of all protocols. */
function listChangeableSettings(protocol?: ProtocolName): readonly string[] {
  const all = Object.keys(changeableSettingsSchema.shape);
  return protocol === undefined ? all : all.filter((name) => protocols[protocol].settings.includes(name));
}

/** The settings of a recipe that `mixcpt:overrides` and `mixcpt:axes` may change, and their allowed values. */
export const recipeRules: RecipeRules = {
  overrideSchema: changeableSettingsSchema.partial().extend(buildFixedSettings("no override may set it")),
  axisSchemas,
  listSettingNames: listChangeableSettings,
  check: checkChangedRecipe,
};
