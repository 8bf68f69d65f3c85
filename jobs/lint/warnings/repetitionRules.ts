import type { TextReading } from "../../data/index.ts";
import type { LintRule } from "./lintRule.ts";
import { checkCellByCell } from "./lintRule.ts";

/** Readings up to which repeated text is almost as good as new text (Muennighoff et al. 2023, arXiv 2305.16264). */
const usefulReadings = 4;

function formatReadings(all: readonly (readonly [TextReading, number])[]): string {
  return all
    .map(([{ source, language }, readings]) => `${source} ${language} ${Number(readings.toPrecision(2))} times`)
    .join(", ");
}

export const textRunsOut: LintRule = {
  name: "text-runs-out",
  severity: "warning",
  check: checkCellByCell(({ readings }) => {
    const short = readings.filter((text) => text.readings > 1.05 * text.repeat);
    if (short.length === 0) return undefined;
    const needed = formatReadings(short.map((text) => [text, text.readings]));
    const [{ repeat } = { repeat: 1 }] = short;
    return (
      `by the stated words, the budget needs ${needed}, but repeat allows ${String(repeat)}: ` +
      "the mixture may be smaller, with other shares; STATS.json will tell (short)"
    );
  }),
};

export const textRepeats: LintRule = {
  name: "text-repeats",
  severity: "warning",
  check: checkCellByCell(({ readings, recipe, trainedSteps, steps }) => {
    const epochs = (Number(recipe["num_train_epochs"] ?? 1) * trainedSteps) / steps;
    const repeated = readings.flatMap((text) => {
      const count = Math.max(1, Math.min(text.readings, text.repeat)) * epochs;
      return count > usefulReadings ? [[text, count] as const] : [];
    });
    if (repeated.length === 0) return undefined;
    return (
      `training reads ${formatReadings(repeated)} (${String(Number(epochs.toPrecision(2)))} epochs of the mixture); ` +
      `beyond ${String(usefulReadings)} times, repeated text is worth less and less`
    );
  }),
};
