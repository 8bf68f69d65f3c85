import type { LintCell, LintRule, LintVerdict } from "./lintRule.ts";
import { checkCellByCell } from "./lintRule.ts";

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

function explainPoorInterval({ interval, saveSteps, trainedSteps }: LintCell): string | undefined {
  const { actualSeconds, bestSeconds, lostShare } = interval;
  const wholeRunSeconds = (actualSeconds * trainedSteps) / saveSteps;
  if (wholeRunSeconds <= bestSeconds || trainedSteps <= saveSteps) return undefined;
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
