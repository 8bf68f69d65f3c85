import { dataKinds } from "../jobs/matrix/index.ts";
import type { Ingredient } from "../jobs/matrix/index.ts";
import { computeAverage } from "./languageAverage.ts";
import type { LanguageSubset } from "./languageAverage.ts";
import { isNameIn } from "./nameGuard.ts";
import type { Report, ReportCell } from "./reportModel.ts";
import type { Measure } from "./scoreMeasure.ts";
import { computeInterval95, drawWithReplacement, runBootstrap } from "./statistics/bootstrap.ts";
import type { ConfidenceInterval } from "./statistics/bootstrap.ts";
import { computeMean } from "./statistics/mean.ts";

/** The single respects in which the texts of two compared mixtures differ. */
export const contrasts = ["code", "bilingual"] as const;
export type Contrast = (typeof contrasts)[number];

/** Ingredients of a mixture on the other side of a contrast; null if it is already there, or has no other side. */
const counterparts: Readonly<Record<Contrast, (ingredients: readonly Ingredient[]) => readonly Ingredient[] | null>> = {
  code: (ingredients) => (ingredients.includes("code") ? null : [...ingredients, "code"]),
  bilingual: (ingredients) =>
    ingredients.includes("bilingual") || !ingredients.includes("monolingual")
      ? null
      : ingredients.map((one) => (one === "monolingual" ? "bilingual" : one)),
};

function formatComposition(ingredients: readonly Ingredient[]): string {
  return [...new Set(ingredients)].sort().join(" and ");
}

/** The effect of a contrast on the mean score of a subset of the languages, in points. */
export interface ContrastEffect {
  /** Pairs of cells whose text differs in the contrast alone and that both have scores. */
  readonly pairs: number;
  /** Pairs in which the second cell has the higher mean. */
  readonly higher: number;
  readonly without: number;
  readonly with: number;
  readonly difference: number;
  /** Bootstrap interval over pairs drawn with replacement. */
  readonly interval: ConfidenceInterval;
}

/** Returns true if the interval excludes zero, so that chance alone is an unlikely explanation. */
export function isSignificant({ interval }: ContrastEffect): boolean {
  return interval.low > 0 || interval.high < 0;
}

/** The cells that can be compared: miniatures are left out beside others, and models whose text is unknown. */
export function selectMeaningfulCells({ cells, miniature }: Report): readonly ReportCell[] {
  return cells.filter(({ kind, family }) => kind !== "named" && (miniature !== "part" || family !== "tiny"));
}

/**
 * The cell of the same model and category on the other side of a contrast. Mixtures by weight have none: with more of
 * one text they have less of another, so they differ in two respects.
 */
export function findCounterpart(
  cells: readonly ReportCell[],
  { group, category, parts }: ReportCell,
  contrast: Contrast,
): ReportCell | undefined {
  if (parts.weights !== undefined) return undefined;
  const wanted = counterparts[contrast](parts.ingredients);
  return wanted === null
    ? undefined
    : cells.find(
        (other) =>
          other.group === group &&
          other.category === category &&
          other.parts.weights === undefined &&
          formatComposition(other.parts.ingredients) === formatComposition(wanted),
      );
}

interface ContrastPair {
  readonly without: number;
  readonly with: number;
}

function listContrastPairs(
  report: Report,
  contrast: Contrast,
  { measure, part }: { measure: Measure; part: LanguageSubset },
): ContrastPair[] {
  return selectMeaningfulCells(report).flatMap((cell) => {
    const counterpart = findCounterpart(report.cells, cell, contrast);
    if (counterpart === undefined) return [];
    const meanWithout = computeAverage(report, [cell], { measure, part });
    const meanWith = computeAverage(report, [counterpart], { measure, part });
    return meanWithout === null || meanWith === null ? [] : [{ without: meanWithout, with: meanWith }];
  });
}

/** Mixtures that a stack added and that are compared, each with its other side: `["Mono+Bi", "Mono+Bi+Code"]`. */
export function listAddedPairs(report: Report): [string, string][] {
  const pairs = contrasts.flatMap((contrast) =>
    selectMeaningfulCells(report).flatMap((cell): [string, string][] => {
      const counterpart = findCounterpart(report.cells, cell, contrast);
      return counterpart === undefined || (isNameIn(dataKinds, cell.data) && isNameIn(dataKinds, counterpart.data))
        ? []
        : [[cell.data, counterpart.data]];
    }),
  );
  return [...new Map(pairs.map((pair) => [pair.join(" "), pair])).values()];
}

function computeMeanDifference(pairs: readonly ContrastPair[]): number | null {
  return computeMean(pairs.map((pair) => pair.with - pair.without));
}

/** Compares all pairs of cells whose text differs in the contrast alone; null if there are none. */
export function computeContrastEffect(
  report: Report,
  contrast: Contrast,
  options: { measure: Measure; part: LanguageSubset },
): ContrastEffect | null {
  const pairs = listContrastPairs(report, contrast, options);
  const difference = computeMeanDifference(pairs);
  const interval = computeInterval95(
    runBootstrap(`${contrast} ${options.part}`, (random) => computeMeanDifference(drawWithReplacement(pairs, random))),
  );
  const meanWithout = computeMean(pairs.map((pair) => pair.without));
  const meanWith = computeMean(pairs.map((pair) => pair.with));
  if (difference === null || interval === null || meanWithout === null || meanWith === null) return null;
  return {
    pairs: pairs.length,
    higher: pairs.filter((pair) => pair.with > pair.without).length,
    without: meanWithout,
    with: meanWith,
    difference,
    interval,
  };
}
