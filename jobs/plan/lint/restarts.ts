import type { LintRule } from "./rule.ts";
import { checkCellByCell } from "./rule.ts";

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
