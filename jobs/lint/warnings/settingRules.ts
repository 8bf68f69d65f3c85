import { benchmarkRepositories } from "../../matrix/hubRepositories.ts";
import type { LintRule } from "./lintRule.ts";
import { checkCellByCell } from "./lintRule.ts";

/** Templates that suit pretraining on plain documents; LLaMA-Factory's default if undefined. */
const suitableTemplates: readonly unknown[] = [undefined, "default", "empty"];

export const templateInPretraining: LintRule = {
  name: "template-in-pretraining",
  severity: "warning",
  check: checkCellByCell(({ recipe }) => {
    const { stage, template } = recipe;
    if (stage !== "pt" || suitableTemplates.includes(template)) return undefined;
    return (
      `template is ${JSON.stringify(template)} and stage is pt: documents contain no dialogue, ` +
      "so the template only decides which token ends them; use default or empty"
    );
  }),
};

export const otherSequenceLength: LintRule = {
  name: "other-sequence-length",
  severity: "warning",
  check: checkCellByCell(({ recipe: { cutoff_len: length }, inferredLength }) => {
    if (inferredLength === undefined || length === inferredLength) return undefined;
    return (
      `the sequence length is ${JSON.stringify(length)}, but the published steps suppose ${String(inferredLength)}: ` +
      "a step reads another number of tokens, so the evaluated step is at another place in the text"
    );
  }),
};

/** Axes of the matrix: the study varied them, too. */
const matrixAxes = ["family", "data", "category"];

export const notAsPublished: LintRule = {
  name: "not-as-published",
  severity: "note",
  check: checkCellByCell(({ axes, inferredLength }) => {
    const added = Object.keys(axes).filter((axis) => !matrixAxes.includes(axis));
    if (inferredLength === undefined || added.length === 0) return undefined;
    const areAxes = added.length === 1 ? "is an axis" : "are axes";
    return `${added.join(" and ")} ${areAxes}, so the recipes are not as published; the report names the differences`;
  }),
};

/** Settings whose default depends on the version of LLaMA-Factory and changes what a run learns. */
const settingsWithoutDefault = ["cutoff_len", "seed"];

export const leftToDefaults: LintRule = {
  name: "left-to-defaults",
  severity: "note",
  check: checkCellByCell(({ recipe }) => {
    const unset = settingsWithoutDefault.filter((key) => recipe[key] === undefined);
    if (unset.length === 0) return undefined;
    const [verb, pronoun] = unset.length === 1 ? ["is", "it"] : ["are", "them"];
    return `${unset.join(" and ")} ${verb} not set, so the image's version of LLaMA-Factory decides; set ${pronoun}`;
  }),
};

export const doesNotFit: LintRule = {
  name: "does-not-fit",
  severity: "error",
  check: checkCellByCell(({ memory: { neededGB, usableGB } }) => {
    if (neededGB <= usableGB) return undefined;
    return (
      `a device needs ${neededGB.toFixed(1)} GB, but only ${usableGB.toFixed(1)} GB are usable; ` +
      "use more nodes, a smaller per_device_train_batch_size or a shorter cutoff_len"
    );
  }),
};

/** Benchmarks whose texts are removed from every corpus. */
const decontaminatedBenchmarks = Object.keys(benchmarkRepositories);

export const benchmarkNotRemoved: LintRule = {
  name: "benchmark-not-removed",
  severity: "note",
  check: checkCellByCell(({ benchmarks }) => {
    const kept = Object.keys(benchmarks).filter((name) => !decontaminatedBenchmarks.includes(name));
    if (kept.length === 0) return undefined;
    return `the texts of ${kept.join(" and ")} are not removed from the corpora, so a model may have trained on them`;
  }),
};

const secondsPerDay = 86_400;

export const overwriteOnRestart: LintRule = {
  name: "overwrite-on-restart",
  severity: "error",
  check: checkCellByCell(({ recipe }) =>
    recipe["overwrite_output_dir"] === true
      ? "overwrite_output_dir is true: a restarted run begins at step 0 and deletes its log; remove the setting"
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
    return (
      `ddp_timeout is ${String(seconds)} s (${String(days)} days): if one process dies, ` +
      "the others hold their GPUs for that long; an hour (3600) is ample"
    );
  }),
};
