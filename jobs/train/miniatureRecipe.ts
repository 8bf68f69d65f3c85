import type { SteppedRecipe } from "./recipeSchema.ts";

/**
 * Builds the recipe of the family `tiny`: that of the paper (full continual pretraining, cosine schedule, its warm-up)
 * in sixty steps of a thousand tokens.
 * @param emulated whether the work runs on the CPU
 */
export function buildMiniatureRecipe(emulated: boolean): SteppedRecipe {
  return {
    stage: "pt",
    do_train: true,
    finetuning_type: "full",
    template: "default",
    flash_attn: "disabled",
    cutoff_len: 256,
    per_device_train_batch_size: 4,
    gradient_accumulation_steps: 1,
    learning_rate: 0.001,
    lr_scheduler_type: "cosine",
    warmup_ratio: 0.03,
    max_steps: 60,
    save_steps: 20,
    bf16: !emulated,
    use_cpu: emulated,
    seed: 42,
    logging_steps: 2,
    preprocessing_num_workers: 1,
    dataloader_num_workers: 0,
    ddp_timeout: 180,
    overwrite_cache: false,
    plot_loss: false,
    disable_tqdm: true,
    report_to: "none",
  };
}
