import type { Recipe } from "./recipeSchema.ts";

export interface TrainingStepsInput {
  /** Tokens of one epoch. */
  readonly tokens: number;
  /** Tokens per sequence; text is packed, so every sequence is full. */
  readonly cutoffLen: number;
  /** Sequences per batch of one device. */
  readonly batch: number;
  /** Batches that a device reads before the weights change. */
  readonly accumulation: number;
  /** Devices that train together. */
  readonly devices: number;
  readonly epochs: number;
}

/**
 * Counts the steps of a run as the Hugging Face trainer does: in each epoch every device reads its share of the
 * batches, of which the last one is filled up, and an incomplete accumulation counts as a step.
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

/** Counts the tokens of one step of a recipe over all devices. */
export function countTokensOfStep(recipe: Recipe, devices: number): number {
  return recipe.per_device_train_batch_size * recipe.gradient_accumulation_steps * recipe.cutoff_len * devices;
}

/** Counts the fewest sequences with which a run reaches a step: the inverse of `countTrainingSteps`. */
export function countNeededSequences(
  step: number,
  { batch, accumulation, devices, epochs }: Omit<TrainingStepsInput, "tokens" | "cutoffLen">,
): number {
  const earlierStepsPerEpoch = Math.floor((step - 1) / epochs);
  return batch * accumulation * devices * earlierStepsPerEpoch + 1;
}

/** A text, of which the recipe may hold a share out. */
interface RecipeText extends Pick<TrainingStepsInput, "tokens" | "devices"> {
  /** Counted sequences of the share that is trained on; without them, they follow from the tokens. */
  readonly sequences?: number | undefined;
}

/** Counts the steps of a recipe on a text. */
export function countRecipeSteps(recipe: Recipe, { tokens, devices, sequences }: RecipeText): number {
  if ("max_steps" in recipe) return recipe.max_steps;
  const heldOutShare = recipe.do_eval ? recipe.val_size : 0;
  return countTrainingSteps({
    tokens: sequences === undefined ? tokens * (1 - heldOutShare) : sequences * recipe.cutoff_len,
    cutoffLen: recipe.cutoff_len,
    batch: recipe.per_device_train_batch_size,
    accumulation: recipe.gradient_accumulation_steps,
    devices,
    epochs: recipe.num_train_epochs,
  });
}
