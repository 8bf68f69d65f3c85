import { buildPublishedRecipe } from "./publishedRecipes.ts";
import type { Recipe } from "./recipeSchema.ts";
import { recipeSchemas } from "./recipeSchema.ts";
import { applyExecution, readZeroSharding } from "./zeroSettings.ts";

const published = buildPublishedRecipe({ data: "Bi", category: "Stag" });

function readZeroSettings(recipe: Recipe) {
  return "deepspeed" in recipe ? recipe.deepspeed.zero_optimization : undefined;
}

describe("an execution", () => {
  it("leaves a recipe unchanged if it is not set", () => {
    expect(applyExecution(published, undefined, 8)).toBe(published);
    expect(applyExecution(published, {}, 8)).toEqual(published);
  });

  it.each([1, 2, 4, 8, 16])("reads 16 sequences per device and step with a micro-batch of %d", (microBatch) => {
    const recipe = applyExecution(published, { microBatch }, 8);
    expect(recipe.per_device_train_batch_size).toBe(microBatch);
    expect(recipe.per_device_train_batch_size * recipe.gradient_accumulation_steps).toBe(16);
  });

  it("has no key of stage 3 in stage 2, and overlaps nothing there by default", () => {
    const settings = readZeroSettings(applyExecution(published, { zero: 2 }, 8));
    expect(settings).toMatchObject({ stage: 2, overlap_comm: false, reduce_bucket_size: 5e8 });
    expect(Object.keys(settings ?? {}).filter((key) => key.startsWith("stage3"))).toEqual([]);
  });

  it("divides the second copy of hpz over the devices of a node", () => {
    const settings = readZeroSettings(applyExecution(published, { zero: "hpz" }, 8));
    expect(settings).toEqual({ ...published.deepspeed.zero_optimization, zero_hpz_partition_size: 8 });
  });

  it("sets the buckets and the overlap of the stage", () => {
    const settings = readZeroSettings(applyExecution(published, { buckets: 2e8, overlap: false }, 8));
    expect(settings).toMatchObject({
      stage: 3,
      overlap_comm: false,
      reduce_bucket_size: 2e8,
      stage3_prefetch_bucket_size: 2e8,
    });
  });

  it.each([2, 3, "hpz"] as const)("with ZeRO %s is a recipe that the schema allows and the estimate reads", (zero) => {
    const recipe = applyExecution(published, { zero, microBatch: 4 }, 8);
    expect(recipeSchemas.epochs.parse(recipe)).toEqual(recipe);
    expect(readZeroSharding(recipe)?.zero).toBe(zero);
  });
});
