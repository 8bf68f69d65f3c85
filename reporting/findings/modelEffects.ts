import { groupRepeatedPairs, listCellPairs, selectMeaningfulCells } from "../contrast.ts";
import type { Contrast } from "../contrast.ts";
import { computeContrastEffect, minimumPairs } from "../contrastEffect.ts";
import type { ContrastEffect } from "../contrastEffect.ts";
import type { LanguageSubset } from "../languageAverage.ts";
import { resourceLevels } from "../published/rowSchemas.ts";
import type { ResourceLevel } from "../published/rowSchemas.ts";
import { poolRepetitions } from "../repetitions.ts";
import { groupCells } from "../reportModel.ts";
import type { CellGroup, Report } from "../reportModel.ts";
import { measuresLanguage } from "../scoreMeasure.ts";
import type { Measure } from "../scoreMeasure.ts";
import { computeInterval95, drawWithReplacement, runBootstrap } from "../statistics/bootstrap.ts";
import { computeMean } from "../statistics/mean.ts";

interface EffectOptions {
  readonly contrast: Contrast;
  readonly measure: Measure;
  readonly part: LanguageSubset;
}

/** The models whose scores mean something, each with its cells; runs that repeat one another are one cell. */
export function listComparedModels(report: Report): CellGroup[] {
  return groupCells({ cells: selectMeaningfulCells(poolRepetitions(report)) });
}

/** The effect of a contrast in the cells of one model; null without pairs that have scores. */
export function computeModelEffect(
  report: Report,
  { cells }: CellGroup,
  { contrast, ...options }: EffectOptions,
): ContrastEffect | null {
  return computeContrastEffect({ ...report, cells }, contrast, options);
}

/** The shares of translations from English that are in the target language, one for each identifying model. */
export function listMixingMeasures({ measures }: Report): Measure[] {
  return measures.filter((measure) => measuresLanguage(measure) && measure.direction === "eng-xx");
}

interface LevelOptions {
  readonly contrast: Contrast;
  readonly measure: Measure;
  readonly level: ResourceLevel;
}

/** In the pairs of one comparison: the gain of a level's languages minus the mean gain of the other levels. */
function computePairAdvantage(pairs: Report, { contrast, measure, level }: LevelOptions): number | null {
  const computeGain = (part: ResourceLevel): number | null =>
    computeContrastEffect(pairs, contrast, { measure, part })?.difference ?? null;
  const own = computeGain(level);
  const others = computeMean(
    resourceLevels.filter((other) => other !== level).flatMap((other) => computeGain(other) ?? []),
  );
  return own === null || others === null ? null : own - others;
}

/** Points by which the languages of a level gain more than the other training languages. */
export type LevelAdvantage = Pick<ContrastEffect, "pairs" | "higher" | "difference" | "interval">;

/** Compares the gain of one resource level with that of the others. The interval draws pairs with replacement. */
export function computeLevelAdvantage(
  report: Report,
  { name, cells: modelCells }: CellGroup,
  options: LevelOptions,
): LevelAdvantage | null {
  const comparisons = groupRepeatedPairs(listCellPairs({ ...report, cells: modelCells }, options.contrast));
  const advantages = comparisons.flatMap(
    (pairs) => computePairAdvantage({ ...report, cells: pairs.flat() }, options) ?? [],
  );
  const difference = computeMean(advantages);
  const resampled = runBootstrap(`${name} ${options.contrast} ${options.level}`, (random) =>
    computeMean(drawWithReplacement(advantages, random)),
  );
  return difference === null
    ? null
    : {
        pairs: advantages.length,
        higher: advantages.filter((advantage) => advantage > 0).length,
        difference,
        interval: advantages.length < minimumPairs ? null : computeInterval95(resampled),
      };
}
