import * as fc from "fast-check";
import { computeContentHash } from "../kube/contentHash.ts";
import { allAxes, listFamilyCells } from "../matrix/index.ts";
import { protocols } from "./protocols.ts";
import type { Recipe } from "./recipeSchema.ts";
import { resultSettings, anySettingSchema } from "./recipeSchema.ts";

/** Settings that only affect the execution of a run. A new setting of a recipe must be added here if it is one. */
const executionSettingNames = [
  "logging_steps",
  "dataloader_num_workers",
  "ddp_timeout",
  "overwrite_cache",
  "plot_loss",
  "disable_tqdm",
  "report_to",
];

const settings = Object.keys(anySettingSchema.shape);
const recipes: Recipe[] = [
  ...listFamilyCells("tiny", allAxes).map((cell) => protocols.miniature.buildRecipe(cell, true)),
  ...listFamilyCells("viking", allAxes).flatMap((cell) => [
    protocols["as-published"].buildRecipe(cell, false),
    protocols.uniform.buildRecipe(cell, false),
  ]),
];

function hashResultSettings(recipe: Recipe) {
  return computeContentHash(resultSettings(recipe));
}

function replaceSetting(recipe: Recipe, key: string, value: unknown) {
  return { ...recipe, [key]: value } as Recipe;
}

function hasOtherValue(recipe: Recipe, key: string, value: unknown) {
  return JSON.stringify((recipe as Record<string, unknown>)[key]) !== JSON.stringify(value);
}

const values = fc.oneof(
  fc.integer({ min: 1 }),
  fc.double({ min: 1e-6, max: 1, noNaN: true }),
  fc.boolean(),
  fc.string(),
);

describe("the settings that name a run", () => {
  it("are all except those of its execution", () => {
    const kept = recipes.map((recipe) => Object.keys(resultSettings(recipe)));
    const removed = recipes.map((recipe, index) => Object.keys(recipe).filter((key) => !kept[index]?.includes(key)));
    expect(removed.flat().filter((key) => !executionSettingNames.includes(key))).toEqual([]);
    expect(executionSettingNames.filter((key) => !settings.includes(key))).toEqual([]);
  });

  it.each(settings.filter((key) => !executionSettingNames.includes(key)))(
    "have another hash with another value of %s",
    (key) => {
      fc.assert(
        fc.property(fc.constantFrom(...recipes), values, (recipe, value) => {
          fc.pre(hasOtherValue(recipe, key, value));
          expect(hashResultSettings(replaceSetting(recipe, key, value))).not.toBe(hashResultSettings(recipe));
        }),
      );
    },
  );

  it.each(executionSettingNames)("have the same hash with every value of %s", (key) => {
    fc.assert(
      fc.property(fc.constantFrom(...recipes), values, (recipe, value) => {
        expect(hashResultSettings(replaceSetting(recipe, key, value))).toBe(hashResultSettings(recipe));
      }),
    );
  });
});
