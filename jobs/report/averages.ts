import type { CategoryName, DataKind } from "../matrix/axes.ts";
import { measureKey, type Measure } from "./measure.ts";
import type { Report, ReportCell } from "./report.ts";
import type { Score } from "./scores.ts";

export const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** A cell's scores of one measure, one per language (the first, should there be several), in the order of the language codes. */
export const scoresOf = (cell: ReportCell, measure: Measure): Score[] => {
  const key = measureKey(measure);
  const ofMeasure = (cell.result?.scores ?? []).filter((score) => measureKey(score) === key);
  const first = Map.groupBy(ofMeasure, ({ language }) => language);
  return [...first.values()].flatMap(([score]) => score ?? []).sort((a, b) => a.language.localeCompare(b.language));
};

/** Unweighted mean over the languages of a cell; null where it has no scores of this measure. */
export const cellAverage = (cell: ReportCell, measure: Measure): number | null =>
  mean(scoresOf(cell, measure).map(({ value }) => value));

/** Mean of the averages of several cells, each with the same weight; null unless every one of them has scores. */
export const groupAverage = (cells: readonly ReportCell[], measure: Measure): number | null => {
  const averages = cells.map((cell) => cellAverage(cell, measure));
  return averages.includes(null) ? null : mean(averages.filter((average) => average !== null));
};

/** The cells of one place in the matrix: one per family, none where the stack leaves it out. */
export const cellsAt = ({ cells }: Report, data: DataKind | null, category: CategoryName | null): ReportCell[] =>
  cells.filter((cell) => (data === null || cell.data === data) && (category === null || cell.category === category));
