import type { Rule } from "./rule.ts";
import { cellByCell } from "./rule.ts";

export const templateInPretraining: Rule = {
  name: "template-in-pretraining",
  severity: "warning",
  check: cellByCell(({ recipe }) => {
    const template = recipe["template"];
    if (recipe["stage"] !== "pt" || template === undefined || template === "default" || template === "empty") return undefined;
    return `template is ${JSON.stringify(template)} and stage is pt: documents have no dialogue, and the template only decides which token ends them`;
  }),
};

/** Settings without which the version of LLaMA-Factory decides what a run learns. */
const decisive = ["cutoff_len", "seed"];

export const leftToDefaults: Rule = {
  name: "left-to-defaults",
  severity: "note",
  check: cellByCell(({ recipe }) => {
    const unset = decisive.filter((key) => recipe[key] === undefined);
    return unset.length === 0 ? undefined : `${unset.join(" and ")} ${unset.length === 1 ? "is" : "are"} unset: the defaults of the image's LLaMA-Factory decide`;
  }),
};

export const doesNotFit: Rule = {
  name: "does-not-fit",
  severity: "error",
  check: cellByCell(({ memory: { neededGB, usableGB } }) =>
    neededGB <= usableGB
      ? undefined
      : `a device needs ${neededGB.toFixed(1)} GB and has ${usableGB.toFixed(1)} GB to give: more nodes, a smaller per_device_train_batch_size or a shorter cutoff_len`,
  ),
};
