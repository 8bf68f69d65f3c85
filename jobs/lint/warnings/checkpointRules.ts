import type { LintCell, LintRule, LintVerdict } from "./lintRule.ts";
import { checkCellByCell } from "./lintRule.ts";

/**
 * True if the run reaches its evaluated checkpoint by some, but not by all, numbers of tokens that are possible. Every
 * run reaches its last one.
 */
function isReachUncertain({ stepRange, namedStep = 0 }: LintCell): boolean {
  return stepRange.low < namedStep && namedStep <= stepRange.high;
}

const possibleEnd =
  "at the low end of the estimated tokens the run ends before its evaluated checkpoint; tokenization fails with the " +
  "two counts if that is so, and plan --store shows the counted tokens";

export const mayEndBeforeItsCheckpoint: LintRule = {
  name: "may-end-before-its-checkpoint",
  severity: "warning",
  check: checkCellByCell((cell) => (isReachUncertain(cell) ? possibleEnd : undefined)),
};

function explainCertainEnd({ stepRange, namedStep = 0 }: LintCell): string | undefined {
  if (namedStep <= stepRange.high) return undefined;
  return (
    `the run ends at step ${String(stepRange.high)}, but its checkpoint of step ${String(namedStep)} is evaluated` +
    "; name last or a step that it reaches in mixcpt:checkpoints.evaluate, or use fewer devices or more epochs"
  );
}

export const endsBeforeItsCheckpoint: LintRule = {
  name: "ends-before-its-checkpoint",
  severity: "error",
  check: checkCellByCell(explainCertainEnd),
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

/** Explains that the evaluated checkpoint is not the last, for cells that all stop at it or all continue after it. */
function explainEarlyEvaluation(cells: readonly LintCell[], stops: boolean): LintVerdict[] {
  const found = cells.filter((cell) => (cell.trainedSteps === cell.evaluatedStep) === stops);
  if (found.length === 0) return [];
  const share = formatShareRange(found.map(computeRemainingShare));
  const message = stops
    ? `training stops at the evaluated checkpoint, with ${share} of its schedule left: ` +
      "its learning rate has not reached the end"
    : `the evaluated checkpoint is not the last: ${share} of the training comes after it, and nothing evaluates it; ` +
      "mixcpt:checkpoints with stop: evaluated ends there";
  return [{ cells: found.map(({ id }) => id), message }];
}

export const evaluatedBeforeTheEnd: LintRule = {
  name: "evaluated-before-the-end",
  severity: "note",
  check: (allCells) => {
    const cells = allCells.filter(({ evaluatedStep, steps }) => evaluatedStep < steps);
    return [...explainEarlyEvaluation(cells, true), ...explainEarlyEvaluation(cells, false)];
  },
};

function formatInterval(seconds: number): string {
  return seconds < 5400 ? `${String(Math.round(seconds / 60))} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** Our assumption: a smaller loss of time, as a share above the minimum, is not worth a change of the recipe. */
const toleratedLostShare = 0.02;

/**
 * Computes the share of time that an interval loses, relative to the best one: half of (best / interval + interval /
 * best), because at the best interval saving and repeated work cost the same.
 */
function computeRelativeLoss(interval: number, best: number): number {
  return (best / interval + interval / best) / 2;
}

/**
 * Finds the save_steps that lose the least time, with their interval and the share that they lose. Any number will do:
 * evaluated steps are saved whatever it is.
 */
function findBestSaving(cell: LintCell): { saveSteps: number; seconds: number; lostShare: number } {
  const { actualSeconds, bestSeconds, lostShare } = cell.interval;
  const saveSteps = Math.max(1, Math.round((cell.saveSteps * bestSeconds) / actualSeconds));
  const seconds = (actualSeconds * saveSteps) / cell.saveSteps;
  return { saveSteps, seconds, lostShare: lostShare.best * computeRelativeLoss(seconds, bestSeconds) };
}

function explainPoorInterval(cell: LintCell): string | undefined {
  const { interval, saveSteps, trainedSteps } = cell;
  const { actualSeconds, bestSeconds, lostShare } = interval;
  const wholeRunSeconds = (actualSeconds * trainedSteps) / saveSteps;
  if (wholeRunSeconds <= bestSeconds || trainedSteps <= saveSteps) return undefined;
  const better = findBestSaving(cell);
  if (lostShare.actual - better.lostShare < toleratedLostShare) return undefined;
  const formatPlan = (seconds: number, every: number): string =>
    `every ${formatInterval(seconds)} (save_steps ${String(every)})`;
  return (
    `a checkpoint is written ${formatPlan(actualSeconds, saveSteps)}; with stops as often as mixcpt:stopsEvery says, ` +
    `${formatPlan(better.seconds, better.saveSteps)} loses ${formatShare(better.lostShare)} of the time ` +
    `instead of ${formatShare(lostShare.actual)}; a run with other save_steps has another name and starts again`
  );
}

export const savesFarFromBest: LintRule = {
  name: "saves-far-from-the-best",
  severity: "note",
  check: checkCellByCell(explainPoorInterval),
};
