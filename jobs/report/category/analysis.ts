import type { Report, ReportCell } from "../report.ts";
import { cellVerdict, languageVerdicts, type LanguageVerdict, type Verdict } from "./verdict.ts";

/** A cell with the answers to the study's question. */
export interface JudgedCell {
  readonly cell: ReportCell;
  readonly verdict: Verdict;
  readonly languages: readonly LanguageVerdict[];
}

/** A report with its verdicts: they are drawn once, for the page and for the data. */
export interface AnalysedReport extends Report {
  /** In the order of the cells. */
  readonly judged: readonly JudgedCell[];
}

export const analyse = (report: Report): AnalysedReport => ({
  ...report,
  judged: report.cells.map((cell) => ({ cell, verdict: cellVerdict(cell), languages: languageVerdicts(cell) })),
});
