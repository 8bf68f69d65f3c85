import { isWritten, writtenSteps } from "../checkpoints.ts";
import type { LintCell, Rule } from "./rule.ts";
import { cellByCell } from "./rule.ts";

export const unlimitedCheckpoints: Rule = {
  name: "unlimited-checkpoints",
  severity: "warning",
  check: cellByCell(({ recipe, evaluated, steps }) => {
    if (recipe["save_total_limit"] !== undefined) return undefined;
    const advice = evaluated < steps ? "the evaluated one is not the last, and a limit that would remove it is refused" : "set it to 2";
    return `save_total_limit is unset: every checkpoint stays; ${advice}`;
  }),
};

function neverWrittenMessage(cell: LintCell): string | undefined {
  if (isWritten(cell, cell.evaluated)) return undefined;
  const { steps, evaluated, saveSteps } = cell;
  if (evaluated > steps) {
    return `checkpoint ${String(evaluated)} is evaluated, and the run ends after ${String(steps)} steps: with this many devices and this sequence length its data last no longer`;
  }
  const written = writtenSteps(cell);
  const nearest = written.reduce((best, step) => (Math.abs(step - evaluated) < Math.abs(best - evaluated) ? step : best), steps);
  return `checkpoint ${String(evaluated)} is evaluated, and checkpoints are written every ${String(saveSteps)} steps: the nearest is ${String(nearest)}`;
}

export const checkpointNeverWritten: Rule = { name: "checkpoint-never-written", severity: "error", check: cellByCell(neverWrittenMessage) };

const percent = (share: number): string => `${String(Math.round(100 * share))} %`;

const shareAfter = ({ evaluated, steps }: LintCell): number => 1 - evaluated / steps;

export const evaluatedBeforeTheEnd: Rule = {
  name: "evaluated-before-the-end",
  severity: "note",
  check: (all) => {
    const cells = all.filter((cell) => isWritten(cell, cell.evaluated) && cell.evaluated < cell.steps);
    if (cells.length === 0) return [];
    const shares = cells.map(shareAfter);
    const [least, most] = [percent(Math.min(...shares)), percent(Math.max(...shares))];
    const share = least === most ? most : `${least} to ${most}`;
    return [{ cells: cells.map(({ id }) => id), message: `the evaluated checkpoint is not the last: ${share} of the training comes after it, and the learning rate has not come down` }];
  },
};

const duration = (seconds: number): string => (seconds < 5400 ? `${String(Math.round(seconds / 60))} min` : `${(seconds / 3600).toFixed(1)} h`);

/** Shares of the time that may be lost above the least before it is worth a word. */
const tolerated = 0.02;

export const savesSeldom: Rule = {
  name: "saves-far-from-the-best",
  severity: "note",
  check: cellByCell(({ interval: { actual, best, lost }, saveSteps, steps }) => {
    const whole = (actual * steps) / saveSteps;
    if (whole <= best || steps <= saveSteps || lost.actual - lost.best < tolerated) return undefined;
    const better = Math.max(1, Math.round((saveSteps * best) / actual));
    return `a checkpoint every ${duration(actual)} (save_steps ${String(saveSteps)}); with a stop a day least is lost every ${duration(best)} (save_steps ${String(better)}): ${percent(lost.best)} instead of ${percent(lost.actual)} of the time`;
  }),
};
