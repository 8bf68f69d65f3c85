import type { Report, ReportCell } from "../report.ts";
import { judgeCell, judgeCellLanguages, type LanguageVerdict, type CategoryVerdict } from "./verdict.ts";

/** A cell with the answers to the study's question. */
export interface JudgedCell {
  readonly cell: ReportCell;
  readonly verdict: CategoryVerdict;
  readonly languages: readonly LanguageVerdict[];
}

/** A report with its verdicts: they are drawn once, for the page and for the data. */
export interface JudgedReport extends Report {
  /** In the order of the cells. */
  readonly judgedCells: readonly JudgedCell[];
}

export const judgeReport = (report: Report): JudgedReport => ({
  ...report,
  judgedCells: report.cells.map((cell) => ({ cell, verdict: judgeCell(cell), languages: judgeCellLanguages(cell) })),
});
