import { computeContrastEffect, findCounterpart, selectMeaningfulCells } from "../contrast.ts";
import type { Contrast, ContrastEffect } from "../contrast.ts";
import type { LanguageSubset } from "../languageAverage.ts";
import { resourceLevels } from "../published/rowSchemas.ts";
import type { ResourceLevel } from "../published/rowSchemas.ts";
import { groupCells } from "../reportModel.ts";
import type { CellGroup, Report, ReportCell } from "../reportModel.ts";
import type { Measure } from "../scoreMeasure.ts";
import { computeInterval95, drawWithReplacement, runBootstrap } from "../statistics/bootstrap.ts";
import type { ConfidenceInterval } from "../statistics/bootstrap.ts";
import { computeMean } from "../statistics/mean.ts";

interface EffectOptions {
  readonly measure: Measure;
  readonly part: LanguageSubset;
}

/** The models whose scores mean something, each with its cells. */
export function listComparedModels(report: Report): CellGroup[] {
  return groupCells({ cells: selectMeaningfulCells(report) });
}

/** The effect of a contrast in the cells of one model; null without pairs that have scores. */
export function computeModelEffect(
  report: Report,
  { cells }: CellGroup,
  { contrast, ...options }: EffectOptions & { readonly contrast: Contrast },
): ContrastEffect | null {
  return computeContrastEffect({ ...report, cells }, contrast, options);
}

/** The two sides of each pair of mixtures of one model and category, with all of their seeds. */
function listPairCells({ cells }: CellGroup, contrast: Contrast): (readonly ReportCell[])[] {
  const pairs = cells.flatMap((cell) => {
    const counterpart = findCounterpart(cells, cell, contrast);
    return counterpart === undefined ? [] : [{ category: cell.category, data: [cell.data, counterpart.data] }];
  });
  const distinct = new Map(pairs.map((pair) => [[pair.category, ...pair.data].join(" "), pair]));
  return [...distinct.values()].map(({ category, data }) =>
    cells.filter((cell) => cell.category === category && data.includes(cell.data)),
  );
}

/** Points by which the languages of a level gain more than the other training languages. */
export interface LevelAdvantage {
  /** Pairs of cells in which both kinds of languages have scores. */
  readonly pairs: number;
  /** Pairs in which the languages of the level gain more. */
  readonly higher: number;
  readonly difference: number;
  /** Bootstrap interval over pairs drawn with replacement. */
  readonly interval: ConfidenceInterval;
}

/** In one pair: the gain of a level's languages minus the mean gain of the other levels. */
function computePairAdvantage(report: Report, options: LevelOptions): number | null {
  const { contrast, measure, level } = options;
  const computeGain = (part: ResourceLevel): number | null =>
    computeContrastEffect(report, contrast, { measure, part })?.difference ?? null;
  const own = computeGain(level);
  const others = computeMean(
    resourceLevels.filter((other) => other !== level).flatMap((other) => computeGain(other) ?? []),
  );
  return own === null || others === null ? null : own - others;
}

interface LevelOptions {
  readonly contrast: Contrast;
  readonly measure: Measure;
  readonly level: ResourceLevel;
}

/** Compares the gain of one resource level with that of the others in the cells of one model. */
export function computeLevelAdvantage(report: Report, group: CellGroup, options: LevelOptions): LevelAdvantage | null {
  const advantages = listPairCells(group, options.contrast).flatMap(
    (cells) => computePairAdvantage({ ...report, cells }, options) ?? [],
  );
  const difference = computeMean(advantages);
  const interval = computeInterval95(
    runBootstrap(`${group.name} ${options.contrast} ${options.level}`, (random) =>
      computeMean(drawWithReplacement(advantages, random)),
    ),
  );
  if (difference === null || interval === null) return null;
  return {
    pairs: advantages.length,
    higher: advantages.filter((advantage) => advantage > 0).length,
    difference,
    interval,
  };
}
