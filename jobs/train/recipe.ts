import { z } from "zod";

const positive = z.number().int().min(1);

/** Settings of LLaMA-Factory that change what a run learns. Their values are part of a run's hash. */
const learning = z.strictObject({
  stage: z.literal("pt"),
  do_train: z.literal(true),
  finetuning_type: z.literal("full"),
  template: z.string(),
  flash_attn: z.enum(["auto", "disabled", "sdpa", "fa2"]),
  cutoff_len: positive.max(131072),
  per_device_train_batch_size: positive.max(1024),
  gradient_accumulation_steps: positive.max(1024),
  // Below this, JavaScript writes 5e-7, which a YAML 1.1 reader takes for a word.
  learning_rate: z.number().min(1e-6).max(1),
  lr_scheduler_type: z.enum(["cosine", "linear", "constant", "constant_with_warmup"]),
  warmup_ratio: z.number().min(0).max(1),
  max_steps: positive,
  save_steps: positive,
  bf16: z.boolean(),
  use_cpu: z.boolean(),
  seed: z.number().int().min(0),
});

/** Settings that only say how a run is carried out. Changing one does not start a run again. */
const carrying = z.strictObject({
  logging_steps: positive,
  save_total_limit: positive,
  preprocessing_num_workers: positive.max(256),
  dataloader_num_workers: z.number().int().min(0).max(256),
  /** Seconds that a collective may take before the group is given up. */
  ddp_timeout: positive.max(86400),
  overwrite_cache: z.boolean(),
  plot_loss: z.literal(false),
  disable_tqdm: z.boolean(),
  report_to: z.literal("none"),
});

export const recipeSchema = learning.extend(carrying.shape);

/** A training run in the words of LLaMA-Factory, without the paths of its model, data and output. */
export type Recipe = z.infer<typeof recipeSchema>;

/** The part of a recipe that decides the result. */
export function decisive(recipe: Recipe): z.infer<typeof learning> {
  const names = Object.keys(learning.shape);
  return learning.parse(Object.fromEntries(Object.entries(recipe).filter(([name]) => names.includes(name))));
}
