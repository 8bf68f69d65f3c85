import { z } from "zod";

const positive = z.number().int().min(1);

/** Settings of LLaMA-Factory that change what any run learns. */
const start = {
  stage: z.literal("pt"),
  do_train: z.literal(true),
  finetuning_type: z.literal("full"),
  template: z.string(),
  flash_attn: z.enum(["auto", "disabled", "sdpa", "fa2"]),
  cutoff_len: positive.max(131072),
  /** Each worker packs its own share of the rows, and drops what fills no sequence. */
  preprocessing_num_workers: positive.max(256),
  per_device_train_batch_size: positive.max(1024),
  gradient_accumulation_steps: positive.max(1024),
  // Below this, JavaScript writes 5e-7, which a YAML 1.1 reader takes for a word.
  learning_rate: z.number().min(1e-6).max(1),
  lr_scheduler_type: z.enum(["cosine", "linear", "constant", "constant_with_warmup"]),
  warmup_ratio: z.number().min(0).max(1),
};

/** Settings that only say how a run is carried out. Changing one does not start a run again. */
const carrying = {
  logging_steps: positive,
  save_total_limit: positive,
  dataloader_num_workers: z.number().int().min(0).max(256),
  /** Seconds that a collective may take before the group is given up. */
  ddp_timeout: positive.max(86400),
  overwrite_cache: z.boolean(),
  plot_loss: z.literal(false),
  disable_tqdm: z.boolean(),
  report_to: z.literal("none"),
};

const end = { save_steps: positive, bf16: z.boolean() };
const seed = z.number().int().min(0);

/** A run of so many steps. */
const stepped = z.strictObject({ ...start, max_steps: positive, ...end, use_cpu: z.boolean(), seed, ...carrying });

/** What DeepSpeed is told, by value: it decides how sums are rounded, so it belongs to what names a run. */
const deepspeed = z.strictObject({
  zero_optimization: z.record(z.string(), z.unknown()).and(z.object({ stage: z.literal(3) })),
  bf16: z.strictObject({ enabled: z.literal("auto") }),
  train_batch_size: z.literal("auto"),
  train_micro_batch_size_per_gpu: z.literal("auto"),
  gradient_accumulation_steps: z.literal("auto"),
  gradient_clipping: z.literal("auto"),
});

const inEpochs = {
  ...start,
  num_train_epochs: z.number().gt(0).max(100),
  ...end,
  seed,
  deepspeed,
  ...carrying,
  /** Left out where every checkpoint stays. */
  save_total_limit: positive.optional(),
};

/** The share of text that is held out is not trained on, so it changes the result. */
const heldOut = {
  do_eval: z.literal(true),
  val_size: z.number().gt(0).lt(1),
  per_device_eval_batch_size: positive.max(1024),
  eval_strategy: z.literal("steps"),
  eval_steps: positive,
};

/** A run of so many epochs, on all of the text or on what is left of it. */
const epochs = z.discriminatedUnion("do_eval", [
  z.strictObject({ ...inEpochs, do_eval: z.literal(false) }),
  z.strictObject({ ...inEpochs, ...heldOut }),
]);

export const recipeSchemas = { stepped, epochs };

/** Names of all settings that a recipe of either kind may have. */
export const settingNames = { stepped: Object.keys(stepped.shape), epochs: Object.keys({ ...inEpochs, ...heldOut }) } as const;

/** Every setting that some recipe has. */
export const everySetting = z.strictObject({ ...stepped.shape, ...inEpochs, ...heldOut, do_eval: z.boolean() });

export type SteppedRecipe = z.infer<typeof stepped>;
export type EpochRecipe = z.infer<typeof epochs>;

/** A training run in the words of LLaMA-Factory, without the paths of its model, data and output. */
export type Recipe = SteppedRecipe | EpochRecipe;

/** Does a setting decide what a run makes of its tokens? */
export const isDecisive = (setting: string): boolean => !(setting in carrying);

/** The part of a recipe that decides the result: it is part of a run's hash. */
export function decisive(recipe: Recipe): Partial<Recipe> {
  return Object.fromEntries(Object.entries(recipe).filter(([name]) => isDecisive(name)));
}
