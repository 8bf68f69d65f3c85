import { z } from "zod";

const positiveInteger = z.number().int().min(1);

const attentionNames = ["auto", "disabled", "sdpa"] as const;

/** The reason why FlashAttention 2 is refused; any other value is explained by zod. */
function explainFlashAttention({ input }: { readonly input?: unknown }): string | undefined {
  if (input !== "fa2") return undefined;
  const reason =
    "needs the package flash_attn, which no image of this project has: LLaMA-Factory would use another attention " +
    "after a warning";
  return `${reason}; allowed: ${attentionNames.join(", ")}`;
}

/** Settings of LLaMA-Factory that change what a run learns, for runs of steps and of epochs. */
const learningSettings = {
  stage: z.literal("pt"),
  do_train: z.literal(true),
  finetuning_type: z.literal("full"),
  template: z.string(),
  flash_attn: z.enum(attentionNames, { error: explainFlashAttention }),
  cutoff_len: positiveInteger.max(131072),
  /** Each worker packs its own share of the rows and drops the remainder that does not fill a sequence. */
  preprocessing_num_workers: positiveInteger.max(256),
  per_device_train_batch_size: positiveInteger.max(1024),
  gradient_accumulation_steps: positiveInteger.max(1024),
  // JavaScript writes smaller numbers as 5e-7, which a YAML 1.1 parser reads as a string.
  learning_rate: z.number().min(1e-6).max(1),
  lr_scheduler_type: z.enum(["cosine", "linear", "constant", "constant_with_warmup"]),
  warmup_ratio: z.number().min(0).max(1),
};

/** Settings that only affect the execution of a run. A change of one does not start the run again. */
const executionSettings = {
  logging_steps: positiveInteger,
  dataloader_num_workers: z.number().int().min(0).max(256),
  /** Seconds that a collective operation may take before the process group is aborted. */
  ddp_timeout: positiveInteger.max(86400),
  overwrite_cache: z.boolean(),
  plot_loss: z.literal(false),
  disable_tqdm: z.boolean(),
  report_to: z.literal("none"),
};

const savingSettings = { save_steps: positiveInteger, bf16: z.boolean() };
const seedSchema = z.number().int().min(0);

/** The recipe of a run with a fixed number of steps. */
const steppedRecipeSchema = z.strictObject({
  ...learningSettings,
  max_steps: positiveInteger,
  ...savingSettings,
  use_cpu: z.boolean(),
  seed: seedSchema,
  ...executionSettings,
});

/** The configuration of DeepSpeed, by value: it affects the rounding of sums and is part of a run's hash. */
const deepspeedSchema = z.strictObject({
  zero_optimization: z.record(z.string(), z.unknown()).and(z.object({ stage: z.literal([2, 3]) })),
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
};

/** A held-out share of the text is not trained on, so it changes the result. */
const heldOutSettings = {
  do_eval: z.literal(true),
  val_size: z.number().gt(0).lt(1),
  per_device_eval_batch_size: positiveInteger.max(1024),
  eval_strategy: z.literal("steps"),
  eval_steps: positiveInteger,
};

/** The recipe of a run with a number of epochs, on the whole text or on all but the held-out share. */
const epochRecipeSchema = z.discriminatedUnion("do_eval", [
  z.strictObject({ ...epochSettings, do_eval: z.literal(false) }),
  z.strictObject({ ...epochSettings, ...heldOutSettings }),
]);

export const recipeSchemas = { stepped: steppedRecipeSchema, epochs: epochRecipeSchema };

/** Names of all settings that a recipe may have, by kind of recipe. */
export const settingNames = {
  stepped: Object.keys(steppedRecipeSchema.shape),
  epochs: Object.keys({ ...epochSettings, ...heldOutSettings }),
} as const;

/** Every setting that any recipe may have. */
export const anySettingSchema = z.strictObject({
  ...steppedRecipeSchema.shape,
  ...epochSettings,
  ...heldOutSettings,
  do_eval: z.boolean(),
});

export type SteppedRecipe = z.infer<typeof steppedRecipeSchema>;
export type EpochRecipe = z.infer<typeof epochRecipeSchema>;

/** The settings of LLaMA-Factory for a training run, without the paths of its model, data and output. */
export type Recipe = SteppedRecipe | EpochRecipe;

/** Settings of execution that only recipes of older runs have; the supervisor keeps checkpoints now. */
const formerExecutionSettings: readonly string[] = ["save_total_limit"];

/** Returns true if a setting changes what a run learns from its tokens. */
export function affectsResult(setting: string): boolean {
  return !(setting in executionSettings || formerExecutionSettings.includes(setting));
}

/** Selects the settings of a recipe that affect the result; they are part of a run's hash. */
export function resultSettings(recipe: Recipe): Partial<Recipe> {
  return Object.fromEntries(Object.entries(recipe).filter(([name]) => affectsResult(name)));
}
