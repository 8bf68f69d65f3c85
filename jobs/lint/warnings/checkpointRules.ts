import { isCheckpointWritten, listWrittenSteps } from "../../estimate/index.ts";
import type { LintCell, LintRule } from "./lintRule.ts";
import { checkCellByCell } from "./lintRule.ts";

function explainUnlimitedCheckpoints({ recipe, evaluatedStep, steps }: LintCell): string | undefined {
  if (recipe["save_total_limit"] !== undefined) return undefined;
  const advice =
    evaluatedStep < steps
      ? "the evaluated one is not the last, and a limit that would remove it is refused"
      : "set it to 2";
  return `save_total_limit is not set, so every checkpoint is kept; ${advice}`;
}

export const unlimitedCheckpoints: LintRule = {
  name: "unlimited-checkpoints",
  severity: "warning",
  check: checkCellByCell(explainUnlimitedCheckpoints),
};

function explainUnwrittenCheckpoint(cell: LintCell): string | undefined {
  const { steps, evaluatedStep, saveSteps } = cell;
  if (isCheckpointWritten(cell, evaluatedStep)) return undefined;
  const evaluated = `checkpoint ${String(evaluatedStep)} is evaluated`;
  if (evaluatedStep > steps) {
    const end = `with this number of devices and this sequence length the run ends after ${String(steps)} steps`;
    return `${evaluated}, but ${end}; use fewer devices or shorter sequences`;
  }
  const nearest = listWrittenSteps(cell).reduce(
    (best, step) => (Math.abs(step - evaluatedStep) < Math.abs(best - evaluatedStep) ? step : best),
    steps,
  );
  const written = `with save_steps ${String(saveSteps)} the nearest one written is ${String(nearest)}`;
  return `${evaluated}, but ${written}; set save_steps to a divisor of ${String(evaluatedStep)}`;
}

export const checkpointNeverWritten: LintRule = {
  name: "checkpoint-never-written",
  severity: "error",
  check: checkCellByCell(explainUnwrittenCheckpoint),
};

function formatShare(share: number): string {
  return `${String(Math.round(100 * share))} %`;
}

function computeRemainingShare({ evaluatedStep, steps }: LintCell): number {
  return 1 - evaluatedStep / steps;
}

function formatShareRange(shares: readonly number[]): string {
  const [least, most] = [formatShare(Math.min(...shares)), formatShare(Math.max(...shares))];
  return least === most ? most : `${least} to ${most}`;
}

function isEvaluatedEarly(cell: LintCell): boolean {
  return isCheckpointWritten(cell, cell.evaluatedStep) && cell.evaluatedStep < cell.steps;
}

export const evaluatedBeforeTheEnd: LintRule = {
  name: "evaluated-before-the-end",
  severity: "note",
  check: (allCells) => {
    const cells = allCells.filter(isEvaluatedEarly);
    if (cells.length === 0) return [];
    const share = formatShareRange(cells.map(computeRemainingShare));
    const message =
      `the evaluated checkpoint is not the last: ${share} of the training comes after it, ` +
      "and its learning rate has not reached the end of the schedule";
    return [{ cells: cells.map(({ id }) => id), message }];
  },
};

function formatInterval(seconds: number): string {
  return seconds < 5400 ? `${String(Math.round(seconds / 60))} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** Our assumption: a smaller loss of time, as a share above the minimum, is not worth a change of the recipe. */
const toleratedLostShare = 0.02;

function explainPoorInterval({ interval, saveSteps, steps }: LintCell): string | undefined {
  const { actualSeconds, bestSeconds, lostShare } = interval;
  const wholeRunSeconds = (actualSeconds * steps) / saveSteps;
  if (wholeRunSeconds <= bestSeconds || steps <= saveSteps) return undefined;
  if (lostShare.actual - lostShare.best < toleratedLostShare) return undefined;
  const bestSaveSteps = Math.max(1, Math.round((saveSteps * bestSeconds) / actualSeconds));
  const formatPlan = (seconds: number, every: number): string =>
    `every ${formatInterval(seconds)} (save_steps ${String(every)})`;
  return (
    `a checkpoint is written ${formatPlan(actualSeconds, saveSteps)}; with one stop a day the best interval is ` +
    `${formatPlan(bestSeconds, bestSaveSteps)}: it loses ${formatShare(lostShare.best)} of the time ` +
    `instead of ${formatShare(lostShare.actual)}`
  );
}

export const savesFarFromBest: LintRule = {
  name: "saves-far-from-the-best",
  severity: "note",
  check: checkCellByCell(explainPoorInterval),
};
