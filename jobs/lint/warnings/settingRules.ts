import { benchmarkRepositories } from "../../matrix/hubRepositories.ts";
import type { LintRule } from "./lintRule.ts";
import { checkCellByCell } from "./lintRule.ts";

export const templateInPretraining: LintRule = {
  name: "template-in-pretraining",
  severity: "warning",
  check: checkCellByCell(({ recipe }) => {
    const template = recipe["template"];
    if (recipe["stage"] !== "pt" || template === undefined || template === "default" || template === "empty")
      return undefined;
    return `template is ${JSON.stringify(template)} and stage is pt: documents have no dialogue, and the template only decides which token ends them`;
  }),
};

/** Settings without which the version of LLaMA-Factory decides what a run learns. */
const settingsWithoutDefault = ["cutoff_len", "seed"];

export const leftToDefaults: LintRule = {
  name: "left-to-defaults",
  severity: "note",
  check: checkCellByCell(({ recipe }) => {
    const unset = settingsWithoutDefault.filter((key) => recipe[key] === undefined);
    return unset.length === 0
      ? undefined
      : `${unset.join(" and ")} ${unset.length === 1 ? "is" : "are"} unset: the defaults of the image's LLaMA-Factory decide`;
  }),
};

export const doesNotFit: LintRule = {
  name: "does-not-fit",
  severity: "error",
  check: checkCellByCell(({ memory: { neededGB, usableGB } }) =>
    neededGB <= usableGB
      ? undefined
      : `a device needs ${neededGB.toFixed(1)} GB and has ${usableGB.toFixed(1)} GB to give: more nodes, a smaller per_device_train_batch_size or a shorter cutoff_len`,
  ),
};

/** Benchmarks whose texts are taken out of every corpus. */
const decontaminatedBenchmarks = Object.keys(benchmarkRepositories);

export const benchmarkNotRemoved: LintRule = {
  name: "benchmark-not-removed",
  severity: "note",
  check: checkCellByCell(({ benchmarks }) => {
    const kept = Object.keys(benchmarks).filter((name) => !decontaminatedBenchmarks.includes(name));
    return kept.length === 0
      ? undefined
      : `the texts of ${kept.join(" and ")} are not taken out of the corpora: a score may rest on what was trained on`;
  }),
};

const secondsPerDay = 86_400;

export const overwriteOnRestart: LintRule = {
  name: "overwrite-on-restart",
  severity: "error",
  check: checkCellByCell(({ recipe }) =>
    recipe["overwrite_output_dir"] === true
      ? "overwrite_output_dir is true: a run that is started again begins at step 0 and deletes its log; leave it out"
      : undefined,
  ),
};

export const timeoutOfYears: LintRule = {
  name: "timeout-of-years",
  severity: "warning",
  check: checkCellByCell(({ recipe }) => {
    const seconds = Number(recipe["ddp_timeout"] ?? 0);
    if (seconds <= secondsPerDay) return undefined;
    const days = Math.round(seconds / secondsPerDay);
    return `ddp_timeout is ${String(seconds)} s (${String(days)} days): when one process dies, the others hold their GPUs that long; an hour (3600) is ample`;
  }),
};
