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
  const { steps, stepRange, evaluatedStep, saveSteps } = cell;
  if (isCheckpointWritten(cell, evaluatedStep)) return undefined;
  const evaluated = `checkpoint ${String(evaluatedStep)} is evaluated`;
  if (evaluatedStep > stepRange.high) {
    const end = `the run ends after ${String(stepRange.high)} steps at the latest`;
    return (
      `${evaluated}, but with this number of devices and this sequence length ${end}; ` +
      "use fewer devices or shorter sequences"
    );
  }
  if (evaluatedStep > steps) return undefined;
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

/** True if the run reaches its evaluated checkpoint by some, but not by all, numbers of tokens that are possible. */
function isReachUncertain({ stepRange, evaluatedStep }: LintCell): boolean {
  return stepRange.low < evaluatedStep && evaluatedStep <= stepRange.high;
}

export const mayEndBeforeItsCheckpoint: LintRule = {
  name: "may-end-before-its-checkpoint",
  severity: "warning",
  check: (allCells) => {
    const cells = allCells.filter(isReachUncertain);
    if (cells.length === 0) return [];
    const message =
      "at the low end of the estimated tokens the run ends before its evaluated checkpoint; tokenization stops " +
      "with the two counts before a GPU is used if that is so, and plan --store shows the counted tokens";
    return [{ cells: cells.map(({ id }) => id), message }];
  },
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

/** Lists the save_steps that validation accepts: those that write the evaluated checkpoint. */
function listAllowedSaveSteps({ evaluatedStep, steps }: LintCell): number[] {
  const candidates = Array.from({ length: evaluatedStep }, (_, index) => index + 1);
  return evaluatedStep === steps ? candidates : candidates.filter((saveSteps) => evaluatedStep % saveSteps === 0);
}

/**
 * Computes the share of time that an interval loses, relative to the best one: half of (best / interval + interval /
 * best), because at the best interval saving and repeated work cost the same.
 */
function computeRelativeLoss(interval: number, best: number): number {
  return (best / interval + interval / best) / 2;
}

/** Finds the allowed save_steps that lose the least time, with their interval and the share that they lose. */
function findBestSaving(cell: LintCell): { saveSteps: number; seconds: number; lostShare: number } {
  const { actualSeconds, bestSeconds, lostShare } = cell.interval;
  const computeSeconds = (saveSteps: number): number => (actualSeconds * saveSteps) / cell.saveSteps;
  const computeLoss = (saveSteps: number): number => computeRelativeLoss(computeSeconds(saveSteps), bestSeconds);
  const best = listAllowedSaveSteps(cell).reduce((one, other) => (computeLoss(other) < computeLoss(one) ? other : one));
  return { saveSteps: best, seconds: computeSeconds(best), lostShare: lostShare.best * computeLoss(best) };
}

function explainPoorInterval(cell: LintCell): string | undefined {
  const { interval, saveSteps, steps } = cell;
  const { actualSeconds, bestSeconds, lostShare } = interval;
  const wholeRunSeconds = (actualSeconds * steps) / saveSteps;
  if (wholeRunSeconds <= bestSeconds || steps <= saveSteps) return undefined;
  const better = findBestSaving(cell);
  if (lostShare.actual - better.lostShare < toleratedLostShare) return undefined;
  const formatPlan = (seconds: number, every: number): string =>
    `every ${formatInterval(seconds)} (save_steps ${String(every)})`;
  return (
    `a checkpoint is written ${formatPlan(actualSeconds, saveSteps)}; with stops as often as mixcpt:stopsEvery says, ` +
    `${formatPlan(better.seconds, better.saveSteps)} loses ${formatShare(better.lostShare)} of the time ` +
    `instead of ${formatShare(lostShare.actual)}`
  );
}

export const savesFarFromBest: LintRule = {
  name: "saves-far-from-the-best",
  severity: "note",
  check: checkCellByCell(explainPoorInterval),
};
