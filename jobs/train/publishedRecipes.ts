import type { Cell } from "../matrix/index.ts";
import type { EpochRecipe } from "./recipeSchema.ts";

/**
 * ZeRO stage 3: weights, gradients and optimizer states are divided over all devices. The study publishes the name of
 * its file but not the content; "auto" takes the value from LLaMA-Factory's settings, so no number is written twice.
 */
const zeroStage3: EpochRecipe["deepspeed"] = {
  zero_optimization: {
    stage: 3,
    overlap_comm: true,
    contiguous_gradients: true,
    reduce_bucket_size: "auto",
    stage3_prefetch_bucket_size: "auto",
    stage3_param_persistence_threshold: "auto",
    // Every checkpoint then holds a whole model, which the evaluation can load.
    stage3_gather_16bit_weights_on_model_save: true,
  },
  bf16: { enabled: "auto" },
  train_batch_size: "auto",
  train_micro_batch_size_per_gpu: "auto",
  gradient_accumulation_steps: "auto",
  gradient_clipping: "auto",
};

/**
 * Values that the study did not publish. With 1024 tokens on 8 devices all 36 evaluated steps lie near two epochs, and
 * 1024 was LLaMA-Factory's default; its seed, too, is the default (docs/recipes.md).
 */
const unpublishedValues = { cutoff_len: 1024, seed: 42 };

/** The sequence length with which the published steps are those of two epochs. */
export const inferredSequenceLength = unpublishedValues.cutoff_len;

/** Settings whose values the study did not publish; of DeepSpeed's it published the name of a file. */
export const unpublishedSettings: readonly string[] = [...Object.keys(unpublishedValues), "deepspeed"];

/** Settings of all 36 published files and this project's own choices for execution; docs/recipes.md lists both. */
const commonSettings = {
  stage: "pt",
  do_train: true,
  finetuning_type: "full",
  template: "alpaca",
  flash_attn: "auto",
  per_device_train_batch_size: 8,
  gradient_accumulation_steps: 2,
  learning_rate: 4e-5,
  lr_scheduler_type: "cosine",
  warmup_ratio: 0.03,
  save_steps: 500,
  bf16: true,
  deepspeed: zeroStage3,
  logging_steps: 10,
  preprocessing_num_workers: 16,
  dataloader_num_workers: 4,
  ddp_timeout: 3600,
  overwrite_cache: false,
  plot_loss: false,
  disable_tqdm: true,
  report_to: "none",
  ...unpublishedValues,
} as const;

/** One percent of the text is held out and evaluated whenever a checkpoint is written. */
const onePercentHeldOut = {
  do_eval: true,
  val_size: 0.01,
  per_device_eval_batch_size: 8,
  eval_strategy: "steps",
  eval_steps: 500,
} as const;

/**
 * Returns true if the published file of a cell holds text out. The 36 files differ in nothing else, and no axis
 * explains it: all bilingual cells with code train on everything, and so do the bilingual stagnant ones.
 */
export function isTextHeldOut({ data, category }: Pick<Cell, "data" | "category">): boolean {
  return data !== "Bi+Code" && !(data === "Bi" && category === "Stag");
}

/** Builds the recipe of the study's file for a cell. */
export function buildPublishedRecipe(cell: Pick<Cell, "data" | "category">): EpochRecipe {
  const common = { ...commonSettings, num_train_epochs: 3 };
  return isTextHeldOut(cell) ? { ...common, ...onePercentHeldOut } : { ...common, do_eval: false };
}

/** Builds the recipe of the study's README, the same for every cell: two epochs of the whole text. */
export function buildUniformRecipe(): EpochRecipe {
  return { ...commonSettings, num_train_epochs: 2, do_eval: false };
}
