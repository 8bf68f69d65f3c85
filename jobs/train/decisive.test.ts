import * as fc from "fast-check";
import { contentHash } from "../kube/hash.ts";
import { allAxes, cellsOf } from "../matrix/index.ts";
import { protocols } from "./protocols.ts";
import type { Recipe } from "./recipe.ts";
import { decisive, everySetting } from "./recipe.ts";

/** Settings that only say how a run is carried out. Whoever adds a setting to a recipe decides here which kind it is. */
const carrying = ["logging_steps", "save_total_limit", "dataloader_num_workers", "ddp_timeout", "overwrite_cache", "plot_loss", "disable_tqdm", "report_to"];

const settings = Object.keys(everySetting.shape);
const recipes: Recipe[] = [
  ...cellsOf("tiny", allAxes).map((cell) => protocols.miniature.recipe(cell, true)),
  ...cellsOf("viking", allAxes).flatMap((cell) => [protocols["as-published"].recipe(cell, false), protocols.uniform.recipe(cell, false)]),
];

const hashOf = (recipe: Recipe) => contentHash(decisive(recipe));
const changedTo = (recipe: Recipe, key: string, value: unknown) => ({ ...recipe, [key]: value }) as Recipe;
const differs = (recipe: Recipe, key: string, value: unknown) => JSON.stringify((recipe as Record<string, unknown>)[key]) !== JSON.stringify(value);
const values = fc.oneof(fc.integer({ min: 1 }), fc.double({ min: 1e-6, max: 1, noNaN: true }), fc.boolean(), fc.string());

describe("the part of a recipe that names a run", () => {
  it("is all of it but what carries the run out", () => {
    const named = recipes.map((recipe) => Object.keys(decisive(recipe)));
    const left = recipes.map((recipe, index) => Object.keys(recipe).filter((key) => !named[index]?.includes(key)));
    expect(left.flat().filter((key) => !carrying.includes(key))).toEqual([]);
    expect(carrying.filter((key) => !settings.includes(key))).toEqual([]);
  });

  it.each(settings.filter((key) => !carrying.includes(key)))("changes its hash with any other value of %s", (key) => {
    fc.assert(
      fc.property(fc.constantFrom(...recipes), values, (recipe, value) => {
        fc.pre(differs(recipe, key, value));
        expect(hashOf(changedTo(recipe, key, value))).not.toBe(hashOf(recipe));
      }),
    );
  });

  it.each(carrying)("keeps its hash with every value of %s", (key) => {
    fc.assert(
      fc.property(fc.constantFrom(...recipes), values, (recipe, value) => {
        expect(hashOf(changedTo(recipe, key, value))).toBe(hashOf(recipe));
      }),
    );
  });
});
