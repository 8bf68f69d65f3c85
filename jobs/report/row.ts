import { average, partValues, type Part } from "./average.ts";
import { categoriesIn, mixturesIn } from "./axes.ts";
import type { Measure } from "./measure.ts";
import { cellsAt, type Report, type ReportCell } from "./report.ts";
import type { ScoreIndex } from "./score.ts";

/** The row of the model before any training. No mixture may be called so. */
export const baseRow = "base";

/** The rows of a table of a group's averages: the base, then its mixtures. */
export const averageRows = (report: Report, group: readonly ReportCell[]): string[] => [baseRow, ...mixturesIn(report, group)];

interface Selection {
  readonly cells: readonly ReportCell[];
  readonly of: (cell: ReportCell) => ScoreIndex;
}

/** The cells of one group that a row is over. Of the base, the languages of each category count once. */
const selectionOf = (report: Report, group: readonly ReportCell[], row: string): Selection =>
  row === baseRow
    ? { cells: categoriesIn(report, group).flatMap(({ name }) => cellsAt(group, { category: name }).slice(0, 1)), of: ({ base }) => base }
    : { cells: cellsAt(group, { data: row }), of: ({ index }) => index };

interface RowOptions {
  readonly group: readonly ReportCell[];
  readonly row: string;
  readonly measure: Measure;
  readonly part: Part;
}

/** Mean of a part's languages in one row; null where a score is missing. */
export const rowAverage = (report: Report, { group, row, measure, part }: RowOptions): number | null => {
  const { cells, of } = selectionOf(report, group, row);
  return average(report, cells, { measure, part, of });
};

/** The single values behind a row's average; none where a score is missing. */
export const rowValues = (report: Report, { group, row, measure, part }: RowOptions): number[] => {
  const { cells, of } = selectionOf(report, group, row);
  const values = partValues(report, cells, { measure, part, of });
  return values.includes(null) ? [] : values.flatMap((some) => some ?? []);
};
