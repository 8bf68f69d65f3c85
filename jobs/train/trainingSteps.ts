import type { Recipe } from "./recipeSchema.ts";

export interface TrainingStepsInput {
  /** Tokens of one epoch. */
  readonly tokens: number;
  /** Tokens of a sequence; text is packed, so every sequence is full. */
  readonly cutoffLen: number;
  /** Sequences that a device reads at a time. */
  readonly batch: number;
  /** Times that it does so before the weights change. */
  readonly accumulation: number;
  /** Devices that train together. */
  readonly devices: number;
  readonly epochs: number;
}

/**
 * Steps of a run, as the Hugging Face trainer counts them: in each epoch every device reads its share of the batches,
 * the last one filled up, and an incomplete accumulation is a step, too.
 */
export function countTrainingSteps({
  tokens,
  cutoffLen,
  batch,
  accumulation,
  devices,
  epochs,
}: TrainingStepsInput): number {
  const sequences = Math.floor(tokens / cutoffLen);
  const batchesPerDevice = Math.ceil(Math.ceil(sequences / batch) / devices);
  return Math.ceil(epochs * Math.ceil(batchesPerDevice / accumulation));
}

/** Steps of a recipe on a text of so many tokens, of which a part may be held out. */
export function countRecipeSteps(
  recipe: Recipe,
  { tokens, devices }: Pick<TrainingStepsInput, "tokens" | "devices">,
): number {
  if ("max_steps" in recipe) return recipe.max_steps;
  return countTrainingSteps({
    tokens: tokens * (1 - (recipe.do_eval ? recipe.val_size : 0)),
    cutoffLen: recipe.cutoff_len,
    batch: recipe.per_device_train_batch_size,
    accumulation: recipe.gradient_accumulation_steps,
    devices,
    epochs: recipe.num_train_epochs,
  });
}
