import { z } from "zod";
import type { ProblemRule } from "../../validation/problems.ts";

/**
 * Settings that no stack may change, with the reason. They connect a run with the rest of the matrix, or with its own
 * earlier checkpoints.
 */
const fixedSettings: Readonly<Record<string, string>> = {
  model_name_or_path: "the family names the model",
  dataset: "the cell names the corpus",
  dataset_dir: "the corpus is stored in the cluster's store",
  output_dir: "a run's folder carries its hash",
  resume_from_checkpoint: "a run resumes from its newest complete checkpoint",
  overwrite_output_dir: "a restarted run must find its checkpoints",
  report_to: "mixcpt:tracker chooses a tracker, for all cells",
  stage: "the study is continual pretraining",
  do_train: "a run trains",
  finetuning_type: "the study trains all weights",
  deepspeed: "the study divides its models by ZeRO stage 3",
  plot_loss: "the report draws the loss",
  save_total_limit: "mixcpt:checkpoints decides which checkpoints are kept",
};

interface SettingRefusal {
  readonly reason: string;
  /** What follows from the reason, like `no override may set it`. */
  readonly consequence: string;
  readonly rule: ProblemRule;
}

/** Builds the schema of a setting that cannot be given. */
export function buildRefusedSetting({ reason, consequence, rule }: SettingRefusal) {
  return z
    .unknown()
    .refine((value) => value === undefined, { message: `${reason}, so ${consequence}`, params: { rule } })
    .meta({ not: {}, description: `cannot be set: ${reason}` })
    .optional();
}

/** Builds the schemas of the fixed settings. */
export function buildFixedSettings(consequence: string) {
  const rule = "fixed-by-the-project";
  return Object.fromEntries(
    Object.entries(fixedSettings).map(([key, reason]) => [key, buildRefusedSetting({ reason, consequence, rule })]),
  );
}
