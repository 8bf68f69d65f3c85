import { buildCell } from "../matrix/index.ts";
import type { ProtocolName } from "../matrix/index.ts";
import { buildMiniatureRecipe } from "./miniatureRecipe.ts";
import { buildPublishedRecipe } from "./publishedRecipes.ts";
import { recipeRules } from "./overrides.ts";
import { recipeSchemas } from "./recipeSchema.ts";

function isAccepted(override: Record<string, unknown>) {
  return recipeRules.overrideSchema.safeParse(override).success;
}

function checkChanges(changes: Record<string, unknown>, protocol: ProtocolName = "miniature") {
  const family = protocol === "miniature" ? "tiny" : "viking";
  return recipeRules.check({
    cell: buildCell({ family, data: "Mono", category: "Alt" }),
    protocol,
    changes,
  });
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

describe("the miniature recipe", () => {
  it.each([true, false])("is a complete recipe (emulated: %p)", (emulated) => {
    expect(recipeSchemas.stepped.parse(buildMiniatureRecipe(emulated))).toEqual(buildMiniatureRecipe(emulated));
  });
});
