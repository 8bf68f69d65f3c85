import { isCheckpointWritten, listWrittenSteps } from "../../estimate/index.ts";
import type { LintCell, LintRule } from "./lintRule.ts";
import { checkCellByCell } from "./lintRule.ts";

export const unlimitedCheckpoints: LintRule = {
  name: "unlimited-checkpoints",
  severity: "warning",
  check: checkCellByCell(({ recipe, evaluatedStep: evaluated, steps }) => {
    if (recipe["save_total_limit"] !== undefined) return undefined;
    const advice =
      evaluated < steps
        ? "the evaluated one is not the last, and a limit that would remove it is refused"
        : "set it to 2";
    return `save_total_limit is unset: every checkpoint stays; ${advice}`;
  }),
};

function explainUnwrittenCheckpoint(cell: LintCell): string | undefined {
  if (isCheckpointWritten(cell, cell.evaluatedStep)) return undefined;
  const { steps, evaluatedStep: evaluated, saveSteps } = cell;
  if (evaluated > steps) {
    return `checkpoint ${String(evaluated)} is evaluated, and the run ends after ${String(steps)} steps: with this many devices and this sequence length its data last no longer`;
  }
  const written = listWrittenSteps(cell);
  const nearest = written.reduce(
    (best, step) => (Math.abs(step - evaluated) < Math.abs(best - evaluated) ? step : best),
    steps,
  );
  return `checkpoint ${String(evaluated)} is evaluated, and checkpoints are written every ${String(saveSteps)} steps: the nearest is ${String(nearest)}`;
}

export const checkpointNeverWritten: LintRule = {
  name: "checkpoint-never-written",
  severity: "error",
  check: checkCellByCell(explainUnwrittenCheckpoint),
};

function formatShare(share: number): string {
  return `${String(Math.round(100 * share))} %`;
}

function computeRemainingShare({ evaluatedStep: evaluated, steps }: LintCell): number {
  return 1 - evaluated / steps;
}

export const evaluatedBeforeTheEnd: LintRule = {
  name: "evaluated-before-the-end",
  severity: "note",
  check: (all) => {
    const cells = all.filter(
      (cell) => isCheckpointWritten(cell, cell.evaluatedStep) && cell.evaluatedStep < cell.steps,
    );
    if (cells.length === 0) return [];
    const shares = cells.map(computeRemainingShare);
    const [least, most] = [formatShare(Math.min(...shares)), formatShare(Math.max(...shares))];
    const share = least === most ? most : `${least} to ${most}`;
    return [
      {
        cells: cells.map(({ id }) => id),
        message: `the evaluated checkpoint is not the last: ${share} of the training comes after it, and the learning rate has not come down`,
      },
    ];
  },
};

function formatInterval(seconds: number): string {
  return seconds < 5400 ? `${String(Math.round(seconds / 60))} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** Shares of the time that may be lost above the least before it is worth a word. */
const toleratedLostShare = 0.02;

export const savesFarFromBest: LintRule = {
  name: "saves-far-from-the-best",
  severity: "note",
  check: checkCellByCell(
    ({ interval: { actualSeconds: actual, bestSeconds: best, lostShare: lost }, saveSteps, steps }) => {
      const whole = (actual * steps) / saveSteps;
      if (whole <= best || steps <= saveSteps || lost.actual - lost.best < toleratedLostShare) return undefined;
      const better = Math.max(1, Math.round((saveSteps * best) / actual));
      return `a checkpoint every ${formatInterval(actual)} (save_steps ${String(saveSteps)}); with a stop a day least is lost every ${formatInterval(best)} (save_steps ${String(better)}): ${formatShare(lost.best)} instead of ${formatShare(lost.actual)} of the time`;
    },
  ),
};
