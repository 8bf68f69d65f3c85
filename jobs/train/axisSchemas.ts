import type { z } from "zod";
import { buildListSchema } from "../../validation/listSchema.ts";
import type { AxisSettingName, AxisValue } from "../matrix/index.ts";
import { axisSettings, axisTextPattern } from "../matrix/index.ts";
import { affectsResult, anySettingSchema } from "./recipeSchema.ts";
import { buildFixedSettings, buildRefusedSetting } from "./refusedSettings.ts";

const textError = {
  error: "must consist of letters, digits and underscores and start with a letter, as a part of a cell's id",
  params: { rule: "not-a-name" },
};

/** Builds the schema of a list of values that overrides may give to a setting. */
function buildAxisSchema(setting: AxisSettingName) {
  const schema: z.ZodType<AxisValue> = anySettingSchema.shape[setting];
  const isText = axisSettings[setting].values === "text";
  const value = isText ? schema.refine((text) => axisTextPattern.test(String(text)), textError) : schema;
  return buildListSchema(value).min(1).exactOptional();
}

function refuseAxis(setting: string) {
  const reason = affectsResult(setting) ? "val_size decides whether text is held out" : "it changes no result";
  return buildRefusedSetting({ reason, consequence: "it cannot be an axis", rule: "same-run" });
}

/** The settings that may be axes, with lists of values, and those that overrides may set and that no axis may. */
export const axisSchemas = {
  ...Object.fromEntries(
    (Object.keys(axisSettings) as AxisSettingName[]).map((setting) => [setting, buildAxisSchema(setting)]),
  ),
  ...Object.fromEntries(
    Object.keys(anySettingSchema.shape)
      .filter((setting) => !(setting in axisSettings))
      .map((setting) => [setting, refuseAxis(setting)]),
  ),
  ...buildFixedSettings("it cannot be an axis"),
};
