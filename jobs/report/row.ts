import { categoryNames, dataKinds, type DataKind } from "../matrix/index.ts";
import { average, partValues, type Part } from "./average.ts";
import type { Measure } from "./measure.ts";
import { cellsAt, type Report, type ReportCell } from "./report.ts";
import type { ScoreIndex } from "./score.ts";

/** A row of a table of averages: a mixture, or the model before any training. */
export const averageRows = ["base", ...dataKinds] as const;
export type AverageRow = "base" | DataKind;

interface Selection {
  readonly cells: readonly ReportCell[];
  readonly of: (cell: ReportCell) => ScoreIndex;
}

/** The cells of one group that a row is over. Of the base, the languages of each category count once. */
const selectionOf = (group: readonly ReportCell[], row: AverageRow): Selection =>
  row === "base"
    ? { cells: categoryNames.flatMap((category) => cellsAt(group, { category }).slice(0, 1)), of: ({ base }) => base }
    : { cells: cellsAt(group, { data: row }), of: ({ index }) => index };

interface RowOptions {
  readonly group: readonly ReportCell[];
  readonly row: AverageRow;
  readonly measure: Measure;
  readonly part: Part;
}

/** Mean of a part's languages in one row; null where a score is missing. */
export const rowAverage = (report: Report, { group, row, measure, part }: RowOptions): number | null => {
  const { cells, of } = selectionOf(group, row);
  return average(report, cells, { measure, part, of });
};

/** The single values behind a row's average; none where a score is missing. */
export const rowValues = (report: Report, { group, row, measure, part }: RowOptions): number[] => {
  const { cells, of } = selectionOf(group, row);
  const values = partValues(report, cells, { measure, part, of });
  return values.includes(null) ? [] : values.flatMap((some) => some ?? []);
};
