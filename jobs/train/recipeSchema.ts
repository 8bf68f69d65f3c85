import { z } from "zod";

const positiveInteger = z.number().int().min(1);

/** Settings of LLaMA-Factory that change what any run learns. */
const learningSettings = {
  stage: z.literal("pt"),
  do_train: z.literal(true),
  finetuning_type: z.literal("full"),
  template: z.string(),
  flash_attn: z.enum(["auto", "disabled", "sdpa", "fa2"]),
  cutoff_len: positiveInteger.max(131072),
  /** Each worker packs its own share of the rows, and drops what fills no sequence. */
  preprocessing_num_workers: positiveInteger.max(256),
  per_device_train_batch_size: positiveInteger.max(1024),
  gradient_accumulation_steps: positiveInteger.max(1024),
  // Below this, JavaScript writes 5e-7, which a YAML 1.1 reader takes for a word.
  learning_rate: z.number().min(1e-6).max(1),
  lr_scheduler_type: z.enum(["cosine", "linear", "constant", "constant_with_warmup"]),
  warmup_ratio: z.number().min(0).max(1),
};

/** Settings that only say how a run is carried out. Changing one does not start a run again. */
const executionSettings = {
  logging_steps: positiveInteger,
  save_total_limit: positiveInteger,
  dataloader_num_workers: z.number().int().min(0).max(256),
  /** Seconds that a collective may take before the group is given up. */
  ddp_timeout: positiveInteger.max(86400),
  overwrite_cache: z.boolean(),
  plot_loss: z.literal(false),
  disable_tqdm: z.boolean(),
  report_to: z.literal("none"),
};

const savingSettings = { save_steps: positiveInteger, bf16: z.boolean() };
const seedSchema = z.number().int().min(0);

/** A run of so many steps. */
const steppedRecipeSchema = z.strictObject({
  ...learningSettings,
  max_steps: positiveInteger,
  ...savingSettings,
  use_cpu: z.boolean(),
  seed: seedSchema,
  ...executionSettings,
});

/** What DeepSpeed is told, by value: it decides how sums are rounded, so it belongs to what names a run. */
const deepspeedSchema = z.strictObject({
  zero_optimization: z.record(z.string(), z.unknown()).and(z.object({ stage: z.literal(3) })),
  bf16: z.strictObject({ enabled: z.literal("auto") }),
  train_batch_size: z.literal("auto"),
  train_micro_batch_size_per_gpu: z.literal("auto"),
  gradient_accumulation_steps: z.literal("auto"),
  gradient_clipping: z.literal("auto"),
});

const epochSettings = {
  ...learningSettings,
  num_train_epochs: z.number().gt(0).max(100),
  ...savingSettings,
  seed: seedSchema,
  deepspeed: deepspeedSchema,
  ...executionSettings,
  /** Left out where every checkpoint stays. */
  save_total_limit: positiveInteger.optional(),
};

/** The share of text that is held out is not trained on, so it changes the result. */
const heldOutSettings = {
  do_eval: z.literal(true),
  val_size: z.number().gt(0).lt(1),
  per_device_eval_batch_size: positiveInteger.max(1024),
  eval_strategy: z.literal("steps"),
  eval_steps: positiveInteger,
};

/** A run of so many epochs, on all of the text or on what is left of it. */
const epochRecipeSchema = z.discriminatedUnion("do_eval", [
  z.strictObject({ ...epochSettings, do_eval: z.literal(false) }),
  z.strictObject({ ...epochSettings, ...heldOutSettings }),
]);

export const recipeSchemas = { stepped: steppedRecipeSchema, epochs: epochRecipeSchema };

/** Names of all settings that a recipe of either kind may have. */
export const settingNames = {
  stepped: Object.keys(steppedRecipeSchema.shape),
  epochs: Object.keys({ ...epochSettings, ...heldOutSettings }),
} as const;

/** Every setting that some recipe has. */
export const anySettingSchema = z.strictObject({
  ...steppedRecipeSchema.shape,
  ...epochSettings,
  ...heldOutSettings,
  do_eval: z.boolean(),
});

export type SteppedRecipe = z.infer<typeof steppedRecipeSchema>;
export type EpochRecipe = z.infer<typeof epochRecipeSchema>;

/** A training run in the words of LLaMA-Factory, without the paths of its model, data and output. */
export type Recipe = SteppedRecipe | EpochRecipe;

/** Does a setting decide what a run makes of its tokens? */
export function affectsResult(setting: string): boolean {
  return !(setting in executionSettings);
}

/** The part of a recipe that decides the result: it is part of a run's hash. */
export function resultSettings(recipe: Recipe): Partial<Recipe> {
  return Object.fromEntries(Object.entries(recipe).filter(([name]) => affectsResult(name)));
}
