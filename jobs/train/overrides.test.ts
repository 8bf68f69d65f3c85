import { axisSettings, buildCell, isAxisSetting } from "../matrix/index.ts";
import type { ProtocolName } from "../matrix/index.ts";
import { buildMiniatureRecipe } from "./miniatureRecipe.ts";
import { buildPublishedRecipe } from "./publishedRecipes.ts";
import { recipeRules } from "./overrides.ts";
import { affectsResult, recipeSchemas } from "./recipeSchema.ts";

function isAccepted(override: Record<string, unknown>) {
  return recipeRules.overrideSchema.safeParse(override).success;
}

function checkChanges(changes: Record<string, unknown>, protocol: ProtocolName = "miniature") {
  const family = protocol === "miniature" ? "tiny" : "viking";
  return recipeRules.check({ cell: buildCell({ family, data: "Mono", category: "Alt" }), protocol, changes });
}

describe("an override", () => {
  it.each([
    ["miniature", buildMiniatureRecipe(true)],
    ["as-published", buildPublishedRecipe({ data: "Mono", category: "Alt" })],
  ] as const)("may change every setting that is listed as changeable: %s", (protocol, recipe) => {
    const changeable = Object.entries(recipe).filter(([name]) => recipeRules.listSettingNames(protocol).includes(name));
    expect(changeable.filter(([name, value]) => !isAccepted({ [name]: value }))).toEqual([]);
    expect(checkChanges(Object.fromEntries(changeable), protocol)).toEqual([]);
  });

  it("may not change settings that only recipes of another protocol have", () => {
    expect(checkChanges({ max_steps: 60 }, "uniform")).toMatchObject([
      { rule: "unknown-key", path: "max_steps", value: 60 },
    ]);
    expect(checkChanges({ num_train_epochs: 1 })).toMatchObject([
      { rule: "unknown-key", message: expect.stringContaining("max_steps") },
    ]);
  });

  it.each(["output_dir", "overwrite_output_dir", "report_to", "stage", "dataset"])("may not change %s", (key) => {
    expect(isAccepted({ [key]: "anything" })).toBe(false);
    expect(recipeRules.listSettingNames()).not.toContain(key);
  });

  it("may not limit the checkpoints, because mixcpt:checkpoints does", () => {
    const { error } = recipeRules.overrideSchema.safeParse({ save_total_limit: 2 });
    expect(error?.issues[0]?.message).toMatch(/^mixcpt:checkpoints decides which checkpoints are kept/);
  });

  it("may change how often a run saves, because evaluated checkpoints are always saved", () => {
    expect(checkChanges({ save_steps: 1343 }, "as-published")).toEqual([]);
  });
});

describe("an axis", () => {
  it("may be every setting that affects results, except the switches of the held-out text", () => {
    const settings = recipeRules.listSettingNames().filter(affectsResult);
    expect(settings.filter((setting) => !isAxisSetting(setting))).toEqual(["do_eval", "eval_strategy"]);
    for (const setting of Object.keys(axisSettings)) expect(settings).toContain(setting);
  });

  it("is named by a label that no other has, so that ids can be read", () => {
    const labels = Object.values(axisSettings).map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
    expect(labels.filter((label) => !/^[a-z]+(16)?$/.test(label))).toEqual([]);
    expect(Object.keys(axisSettings).at(-1)).toBe("seed");
  });

  it.each(["do_eval", "logging_steps", "stage"])("may not be %s, with the reason", (setting) => {
    const { error } = recipeRules.axisSchemas[setting]?.safeParse([1]) ?? {};
    expect(error?.issues[0]?.message).toMatch(/, so it cannot be an axis$/);
  });
});

describe("the miniature recipe", () => {
  it.each([true, false])("is a complete recipe (emulated: %p)", (emulated) => {
    expect(recipeSchemas.stepped.parse(buildMiniatureRecipe(emulated))).toEqual(buildMiniatureRecipe(emulated));
  });
});
