import type { LintRule } from "./rule.ts";
import { checkCellByCell } from "./rule.ts";

export const templateInPretraining: LintRule = {
  name: "template-in-pretraining",
  severity: "warning",
  check: checkCellByCell(({ recipe }) => {
    const template = recipe["template"];
    if (recipe["stage"] !== "pt" || template === undefined || template === "default" || template === "empty") return undefined;
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
    return unset.length === 0 ? undefined : `${unset.join(" and ")} ${unset.length === 1 ? "is" : "are"} unset: the defaults of the image's LLaMA-Factory decide`;
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
