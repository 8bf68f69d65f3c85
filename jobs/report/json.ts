import { families } from "../matrix/families.ts";
import { cellAverage } from "./averages.ts";
import type { Measure } from "./measure.ts";
import type { Report } from "./report.ts";

export interface CellValue extends Measure {
  readonly id: string;
  readonly language: string;
  readonly value: number;
  /** The paper's value; null where the paper has none, as for the tiny family. */
  readonly published: number | null;
}

/** Mean over the languages of one resource level (null: over all languages) of one cell. */
export interface AverageValue extends Measure {
  readonly model: string;
  readonly data: string;
  readonly category: string;
  readonly resource: string | null;
  readonly value: number;
}

/** Does the cell behave as its category predicts? null as long as there is no score of its base model. */
export interface CategoryVerdict {
  readonly id: string;
  readonly trainingChangePct: number | null;
  readonly relatedChangePct: number | null;
  readonly met: boolean | null;
}

export interface ReportJson {
  readonly cells: readonly CellValue[];
  readonly averages: readonly AverageValue[];
  readonly categories: readonly CategoryVerdict[];
}

/** The report as data, for other programs. Values are percent, unrounded. */
export const toJson = ({ cells, measures }: Report): ReportJson => ({
  cells: cells.flatMap(({ id, result }) =>
    (result?.scores ?? []).map(({ benchmark, direction, language, metric, value }) => ({ id, benchmark, direction, language, metric, value, published: null })),
  ),
  averages: cells.flatMap((cell) =>
    measures.flatMap((measure) => {
      const value = cellAverage(cell, measure);
      return value === null ? [] : [{ ...measure, model: families[cell.family].title, data: cell.data, category: cell.category, resource: null, value }];
    }),
  ),
  categories: cells.map(({ id }) => ({ id, trainingChangePct: null, relatedChangePct: null, met: null })),
});
