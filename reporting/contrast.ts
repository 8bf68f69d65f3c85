import { dataKinds } from "../jobs/matrix/index.ts";
import type { Ingredient } from "../jobs/matrix/index.ts";
import { computeAverage } from "./languageAverage.ts";
import type { LanguageSubset } from "./languageAverage.ts";
import type { Measure } from "./scoreMeasure.ts";
import type { Report, ReportCell } from "./reportModel.ts";
import { runBootstrap, computeInterval95, drawWithReplacement } from "./statistics/bootstrap.ts";
import type { ConfidenceInterval } from "./statistics/bootstrap.ts";
import { computeMean } from "./statistics/mean.ts";

/** What two mixtures differ in, and in nothing else that is in their text. */
export type Contrast = "code" | "bilingual";

/** What a mixture would be made of on the other side of a contrast; null where it is there already, or has no other side. */
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

/** The effect of a contrast on the mean score of a part of the languages, in points. */
export interface ContrastEffect {
  /** Pairs of cells whose text differs in the contrast alone and that both have scores. */
  readonly pairs: number;
  /** Those in which the second has the higher mean. */
  readonly higher: number;
  readonly without: number;
  readonly with: number;
  readonly difference: number;
  /** Pairs drawn with replacement. */
  readonly interval: ConfidenceInterval;
}

/** An interval without zero: more than the luck of the draw. */
export function isSignificant({ interval }: ContrastEffect): boolean {
  return interval.low > 0 || interval.high < 0;
}

/** The scores of miniatures mean nothing: beside others they are left out. */
export function selectMeaningfulCells({ cells, miniature }: Report): readonly ReportCell[] {
  return miniature === "part" ? cells.filter(({ family }) => family !== "tiny") : cells;
}

/** The cell of the same model and category on the other side of a contrast. */
export function findCounterpart(
  cells: readonly ReportCell[],
  { group, category, parts }: ReportCell,
  contrast: Contrast,
): ReportCell | undefined {
  const wanted = counterparts[contrast](parts.ingredients);
  return wanted === null
    ? undefined
    : cells.find(
        (other) =>
          other.group === group &&
          other.category === category &&
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
    const other = findCounterpart(report.cells, cell, contrast);
    if (other === undefined) return [];
    const [without, withIt] = [cell, other].map((one) => computeAverage(report, [one], { measure, part }));
    return without === null || without === undefined || withIt === null || withIt === undefined
      ? []
      : [{ without, with: withIt }];
  });
}

function isStudyMixture(data: string): boolean {
  return dataKinds.some((name) => name === data);
}

/** Mixtures that a stack added and that are compared, each with its other side: `["Mono+Bi", "Mono+Bi+Code"]`. */
export function listAddedPairs(report: Report): [string, string][] {
  const pairs = (["code", "bilingual"] as const).flatMap((contrast) =>
    selectMeaningfulCells(report).flatMap((cell): [string, string][] => {
      const other = findCounterpart(report.cells, cell, contrast);
      return other === undefined || (isStudyMixture(cell.data) && isStudyMixture(other.data))
        ? []
        : [[cell.data, other.data]];
    }),
  );
  return [...new Map(pairs.map((pair) => [pair.join(" "), pair])).values()];
}

function computeMeanDifference(pairs: readonly ContrastPair[]): number | null {
  return computeMean(pairs.map((pair) => pair.with - pair.without));
}

/** Compares all pairs of cells whose text differs in the contrast alone; null where there is none. */
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
  const [without, withIt] = [
    computeMean(pairs.map((pair) => pair.without)),
    computeMean(pairs.map((pair) => pair.with)),
  ];
  if (difference === null || interval === null || without === null || withIt === null) return null;
  return {
    pairs: pairs.length,
    higher: pairs.filter((pair) => pair.with > pair.without).length,
    without,
    with: withIt,
    difference,
    interval,
  };
}
