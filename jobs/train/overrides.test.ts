import { cellAt } from "../matrix/index.ts";
import type { ProtocolName } from "../matrix/index.ts";
import { miniatureRecipe } from "./miniature.ts";
import { asPublishedRecipe } from "./published.ts";
import { recipeRules } from "./overrides.ts";
import { recipeSchemas } from "./recipe.ts";

const accepts = (override: Record<string, unknown>) => recipeRules.keys.safeParse(override).success;

const check = (changes: Record<string, unknown>, protocol: ProtocolName = "miniature") => {
  const family = protocol === "miniature" ? "tiny" : "viking";
  return recipeRules.check({ cell: cellAt({ family, data: "Mono", category: "Alt" }), protocol, changes, path: "here" });
};

describe("an override", () => {
  it.each([
    ["miniature", miniatureRecipe(true)],
    ["as-published", asPublishedRecipe({ data: "Mono", category: "Alt" })],
  ] as const)("may change any setting of its recipe whose name is offered: %s", (protocol, recipe) => {
    const offered = Object.entries(recipe).filter(([name]) => recipeRules.names(protocol).includes(name));
    expect(offered.filter(([name, value]) => !accepts({ [name]: value }))).toEqual([]);
    expect(check(Object.fromEntries(offered), protocol)).toEqual([]);
  });

  it("may not set what only recipes of another protocol have", () => {
    expect(check({ max_steps: 60 }, "uniform")).toMatchObject([{ rule: "unknown-key", path: "here.max_steps", value: 60 }]);
    expect(check({ num_train_epochs: 1 })).toMatchObject([{ rule: "unknown-key", message: expect.stringContaining("max_steps") }]);
  });

  it.each(["output_dir", "overwrite_output_dir", "report_to", "stage", "dataset"])("may not set %s", (key) => {
    expect(accepts({ [key]: "anything" })).toBe(false);
    expect(recipeRules.names()).not.toContain(key);
  });

  it("may not make the last step one without checkpoint", () => {
    expect(check({ max_steps: 50 })).toMatchObject([{ rule: "checkpoint-never-written", path: "here" }]);
    expect(check({ max_steps: 50, save_steps: 25 })).toEqual([]);
  });

  it("may not leave out the checkpoint that the study evaluated", () => {
    expect(check({ save_steps: 400 }, "as-published")).toMatchObject([{ rule: "checkpoint-never-written", message: expect.stringContaining("6500") }]);
    expect(check({ save_steps: 400 }, "uniform")).toEqual([]);
  });
});

describe("the miniature recipe", () => {
  it.each([true, false])("is a complete recipe (emulated: %p)", (emulated) => {
    expect(recipeSchemas.stepped.parse(miniatureRecipe(emulated))).toEqual(miniatureRecipe(emulated));
  });

  it("keeps every checkpoint that it writes", () => {
    const { max_steps, save_steps, save_total_limit } = miniatureRecipe(true);
    expect(save_total_limit).toBeGreaterThanOrEqual(max_steps / save_steps);
  });
});
