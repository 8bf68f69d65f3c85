import { dataKinds, type Ingredient } from "../matrix/index.ts";
import { average, type Part } from "./average.ts";
import type { Measure } from "./measure.ts";
import type { Report, ReportCell } from "./report.ts";
import { bootstrap, middle95, resampled, type Interval } from "./statistics/bootstrap.ts";
import { mean } from "./statistics/mean.ts";

/** What two mixtures differ in, and in nothing else that is in their text. */
export type Contrast = "code" | "bilingual";

/** What a mixture would be made of on the other side of a contrast; null where it is there already, or has no other side. */
const counterparts: Readonly<Record<Contrast, (ingredients: readonly Ingredient[]) => readonly Ingredient[] | null>> = {
  code: (ingredients) => (ingredients.includes("code") ? null : [...ingredients, "code"]),
  bilingual: (ingredients) =>
    ingredients.includes("bilingual") || !ingredients.includes("monolingual") ? null : ingredients.map((one) => (one === "monolingual" ? "bilingual" : one)),
};

const composition = (ingredients: readonly Ingredient[]): string => [...new Set(ingredients)].sort().join(" and ");

/** The effect of a contrast on the mean score of a part of the languages, in points. */
export interface Effect {
  /** Pairs of cells whose text differs in the contrast alone and that both have scores. */
  readonly pairs: number;
  /** Those in which the second has the higher mean. */
  readonly higher: number;
  readonly without: number;
  readonly with: number;
  readonly difference: number;
  /** Pairs drawn with replacement. */
  readonly interval: Interval;
}

/** An interval without zero: more than the luck of the draw. */
export const isSure = ({ interval }: Effect): boolean => interval.low > 0 || interval.high < 0;

/** The scores of miniatures mean nothing: beside others they are left out. */
export const meaningful = ({ cells, miniature }: Report): readonly ReportCell[] => (miniature === "part" ? cells.filter(({ family }) => family !== "tiny") : cells);

/** The cell of the same model and category on the other side of a contrast. */
export const partner = (cells: readonly ReportCell[], { group, category, parts }: ReportCell, contrast: Contrast): ReportCell | undefined => {
  const wanted = counterparts[contrast](parts.ingredients);
  return wanted === null ? undefined : cells.find((other) => other.group === group && other.category === category && composition(other.parts.ingredients) === composition(wanted));
};

interface Pair {
  readonly without: number;
  readonly with: number;
}

const pairsOf = (report: Report, contrast: Contrast, { measure, part }: { measure: Measure; part: Part }): Pair[] =>
  meaningful(report).flatMap((cell) => {
    const other = partner(report.cells, cell, contrast);
    if (other === undefined) return [];
    const [without, withIt] = [cell, other].map((one) => average(report, [one], { measure, part }));
    return without === null || without === undefined || withIt === null || withIt === undefined ? [] : [{ without, with: withIt }];
  });

const isStudied = (data: string): boolean => dataKinds.some((name) => name === data);

/** Mixtures that a stack added and that are compared, each with its other side: `["Mono+Bi", "Mono+Bi+Code"]`. */
export const addedPairs = (report: Report): [string, string][] => {
  const pairs = (["code", "bilingual"] as const).flatMap((contrast) => meaningful(report).flatMap((cell): [string, string][] => {
    const other = partner(report.cells, cell, contrast);
    return other === undefined || (isStudied(cell.data) && isStudied(other.data)) ? [] : [[cell.data, other.data]];
  }));
  return [...new Map(pairs.map((pair) => [pair.join(" "), pair])).values()];
};

const meanDifference = (pairs: readonly Pair[]): number | null => mean(pairs.map((pair) => pair.with - pair.without));

/** Compares all pairs of cells whose text differs in the contrast alone; null where there is none. */
export const effectOf = (report: Report, contrast: Contrast, options: { measure: Measure; part: Part }): Effect | null => {
  const pairs = pairsOf(report, contrast, options);
  const difference = meanDifference(pairs);
  const interval = middle95(bootstrap(`${contrast} ${options.part}`, (random) => meanDifference(resampled(pairs, random))));
  const [without, withIt] = [mean(pairs.map((pair) => pair.without)), mean(pairs.map((pair) => pair.with))];
  if (difference === null || interval === null || without === null || withIt === null) return null;
  return { pairs: pairs.length, higher: pairs.filter((pair) => pair.with > pair.without).length, without, with: withIt, difference, interval };
};
