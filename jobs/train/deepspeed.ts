import type { EpochRecipe } from "./recipe.ts";

/**
 * ZeRO stage 3: weights, gradients and optimizer states are shared out over all devices. The study names its file
 * and not what is in it; "auto" takes LLaMA-Factory's own settings, so that no number stands in two places.
 */
export const zeroStage3: EpochRecipe["deepspeed"] = {
  zero_optimization: {
    stage: 3,
    overlap_comm: true,
    contiguous_gradients: true,
    reduce_bucket_size: "auto",
    stage3_prefetch_bucket_size: "auto",
    stage3_param_persistence_threshold: "auto",
    // A checkpoint holds a whole model, which the evaluation reads as it is.
    stage3_gather_16bit_weights_on_model_save: true,
  },
  bf16: { enabled: "auto" },
  train_batch_size: "auto",
  train_micro_batch_size_per_gpu: "auto",
  gradient_accumulation_steps: "auto",
  gradient_clipping: "auto",
};
