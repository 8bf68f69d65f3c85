import { computeAverage, listSubsetValues, type LanguageSubset } from "./average.ts";
import { selectCategories, selectMixtures } from "./axes.ts";
import type { Measure } from "./measure.ts";
import { selectCells, type Report, type ReportCell } from "./report.ts";
import type { ScoreIndex } from "./score.ts";

/** The row of the model before any training. No mixture may be called so. */
export const baseRowName = "base";

/** The rows of a table of a group's averages: the base, then its mixtures. */
export const listAverageRows = (report: Report, group: readonly ReportCell[]): string[] => [baseRowName, ...selectMixtures(report, group)];

interface RowSelection {
  readonly cells: readonly ReportCell[];
  readonly selectScores: (cell: ReportCell) => ScoreIndex;
}

/** The cells of one group that a row is over. Of the base, the languages of each category count once. */
const selectRowCells = (report: Report, group: readonly ReportCell[], row: string): RowSelection =>
  row === baseRowName
    ? { cells: selectCategories(report, group).flatMap(({ name }) => selectCells(group, { category: name }).slice(0, 1)), selectScores: ({ base }) => base }
    : { cells: selectCells(group, { data: row }), selectScores: ({ index }) => index };

interface AverageRowOptions {
  readonly group: readonly ReportCell[];
  readonly row: string;
  readonly measure: Measure;
  readonly part: LanguageSubset;
}

/** Mean of a part's languages in one row; null where a score is missing. */
export const computeRowAverage = (report: Report, { group, row, measure, part }: AverageRowOptions): number | null => {
  const { cells, selectScores: of } = selectRowCells(report, group, row);
  return computeAverage(report, cells, { measure, part, selectScores: of });
};

/** The single values behind a row's average; none where a score is missing. */
export const listRowValues = (report: Report, { group, row, measure, part }: AverageRowOptions): number[] => {
  const { cells, selectScores: of } = selectRowCells(report, group, row);
  const values = listSubsetValues(report, cells, { measure, part, selectScores: of });
  return values.includes(null) ? [] : values.flatMap((some) => some ?? []);
};
