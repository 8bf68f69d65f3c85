import { miniatureRecipe } from "./miniature.ts";
import { recipeRules } from "./overrides.ts";
import { recipeSchema } from "./recipe.ts";

const accepts = (override: Record<string, unknown>) => recipeRules.keys.safeParse(override).success;

describe("an override", () => {
  it("may change any setting whose name is offered", () => {
    const recipe: Record<string, unknown> = miniatureRecipe(true);
    const refused = recipeRules.names.filter((name) => !accepts({ [name]: recipe[name] }));
    expect(refused).toEqual([]);
  });

  it.each(["output_dir", "overwrite_output_dir", "report_to", "stage", "dataset"])("may not set %s", (key) => {
    expect(accepts({ [key]: "anything" })).toBe(false);
    expect(recipeRules.names).not.toContain(key);
  });

  it("may not make the last step one without checkpoint", () => {
    expect(recipeRules.check({ max_steps: 50 }, "here")).toMatchObject([{ rule: "checkpoint-never-written", path: "here" }]);
    expect(recipeRules.check({ max_steps: 50, save_steps: 25 }, "here")).toEqual([]);
  });
});

describe("the miniature recipe", () => {
  it.each([true, false])("is a complete recipe (emulated: %p)", (emulated) => {
    expect(recipeSchema.parse(miniatureRecipe(emulated))).toEqual(miniatureRecipe(emulated));
  });

  it("keeps every checkpoint that it writes", () => {
    const { max_steps, save_steps, save_total_limit } = miniatureRecipe(true);
    expect(save_total_limit).toBeGreaterThanOrEqual(max_steps / save_steps);
  });
});
