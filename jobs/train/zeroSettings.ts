import type { ExecutionSettings, ZeroMode } from "../config/index.ts";
import type { EpochRecipe, Recipe } from "./recipeSchema.ts";

type DeepspeedSettings = EpochRecipe["deepspeed"];
type ZeroSettings = DeepspeedSettings["zero_optimization"];

/** Elements of a bucket for ZeRO stage 2, as in LLaMA-Factory's ds_z2_config.json. */
const defaultStage2Bucket = 5e8;

/**
 * ZeRO stage 2 as in LLaMA-Factory's ds_z2_config.json: gradients and optimizer are divided, weights are not.
 * Communication does not overlap with compute: with both of `overlap_comm` and `contiguous_gradients` others had NaN
 * (DeepSpeed issues 5347, 7188 and 8061).
 */
function buildStage2({ buckets = defaultStage2Bucket, overlap = false }: ExecutionSettings): ZeroSettings {
  return {
    stage: 2,
    allgather_partitions: true,
    allgather_bucket_size: buckets,
    overlap_comm: overlap,
    reduce_scatter: true,
    reduce_bucket_size: buckets,
    contiguous_gradients: true,
  };
}

/** Changes the settings of ZeRO stage 3; hpZ keeps a second copy of the weights divided within each node. */
function changeStage3(
  settings: ZeroSettings,
  { zero, buckets, overlap }: ExecutionSettings,
  processesPerNode: number,
): ZeroSettings {
  return {
    ...settings,
    ...(overlap !== undefined && { overlap_comm: overlap }),
    ...(buckets !== undefined && { reduce_bucket_size: buckets, stage3_prefetch_bucket_size: buckets }),
    ...(zero === "hpz" && { zero_hpz_partition_size: processesPerNode }),
  };
}

/** Changes DeepSpeed's settings to those of a stack's execution. */
function changeDeepspeed(
  deepspeed: DeepspeedSettings,
  execution: ExecutionSettings,
  processesPerNode: number,
): DeepspeedSettings {
  const { zero_optimization: settings } = deepspeed;
  const changed = execution.zero === 2 ? buildStage2(execution) : changeStage3(settings, execution, processesPerNode);
  return { ...deepspeed, zero_optimization: changed };
}

/** Counts the sequences that a device reads before the weights change. */
export function countSequencesOfStep(
  recipe: Pick<Recipe, "per_device_train_batch_size" | "gradient_accumulation_steps">,
): number {
  return recipe.per_device_train_batch_size * recipe.gradient_accumulation_steps;
}

/**
 * Gives a recipe's optimizer step in another way: micro-batch and accumulation change so that their product stays.
 * A micro-batch that does not divide the product is refused before (`checkExecution`).
 */
export function applyExecution(
  recipe: Recipe,
  execution: ExecutionSettings | undefined,
  processesPerNode: number,
): Recipe {
  if (execution === undefined) return recipe;
  const { microBatch = recipe.per_device_train_batch_size } = execution;
  const batch = {
    per_device_train_batch_size: microBatch,
    gradient_accumulation_steps: Math.ceil(countSequencesOfStep(recipe) / microBatch),
  };
  if (!("deepspeed" in recipe)) return { ...recipe, ...batch };
  return { ...recipe, ...batch, deepspeed: changeDeepspeed(recipe.deepspeed, execution, processesPerNode) };
}

/** How a recipe divides the model, for estimates. */
export interface ZeroSharding {
  readonly zero: ZeroMode;
  /** True if communication may overlap with compute. */
  readonly overlaps: boolean;
  /** Elements of each communication bucket; 0 if DeepSpeed derives a small one from the model. */
  readonly bucketElements: number;
}

/** Reads how a recipe divides the model; undefined if it does not use DeepSpeed. */
export function readZeroSharding(recipe: Recipe): ZeroSharding | undefined {
  if (!("deepspeed" in recipe)) return undefined;
  const { zero_optimization: settings } = recipe.deepspeed;
  const bucket = settings["reduce_bucket_size"];
  const stage3Mode = "zero_hpz_partition_size" in settings ? "hpz" : 3;
  return {
    zero: settings.stage === 2 ? 2 : stage3Mode,
    overlaps: settings["overlap_comm"] === true,
    bucketElements: typeof bucket === "number" ? bucket : 0,
  };
}
