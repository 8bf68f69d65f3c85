import type { Category } from "../../jobs/matrix/index.ts";
import { computePlainChanges, decidingMeasure, selectCategoryCells } from "../category/categoryVerdict.ts";
import type { CategoryVerdict, ChangeEstimate, JudgedCell, JudgedReport } from "../category/categoryVerdict.ts";
import { determineChangeDirection, formatPrediction, hasPrediction } from "../category/predictionRule.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { countRuns } from "../repetitions.ts";
import type { ReportCell } from "../reportModel.ts";
import { formatMeasureName, isSameMeasure } from "../scoreMeasure.ts";
import type { Measure } from "../scoreMeasure.ts";
import {
  renderBoldIf,
  renderCell,
  renderChangeCell,
  renderColumnHead,
  renderGroupHead,
  renderHeadRow,
  renderHtmlTable,
  renderLineCell,
  renderTableRow,
  renderTallTextHead,
  renderTextHead,
} from "./htmlTable.ts";
import { listBaseOddities, listCellOddities, renderNoteMarks } from "./notesSection.ts";
import { formatDecimal, formatPercentShare, formatWithSign } from "./textFormat.ts";

function formatChangeDirection(change: ChangeEstimate | null): string {
  return change === null ? "–" : determineChangeDirection(change.pct);
}

function renderPredictionCell({ category }: ReportCell, { met, withheld }: CategoryVerdict): Html {
  if (met !== null) return renderLineCell(renderBoldIf(met, met ? "met" : "not met"));
  const reason = withheld === null ? "unknown" : "no verdict";
  return html`<td class="text absent">${hasPrediction(category) ? reason : formatPrediction(category)}</td>`;
}

/** The number of a cell's runs and how much its changes differ between them; nothing if no cell has several. */
function renderSeedCells({ cell, verdict }: JudgedCell, hasRepetitions: boolean): Html | null {
  const deviations = [verdict.training, verdict.related].map((change) => formatDecimal(change?.seedDeviation));
  return hasRepetitions ? html`${[String(countRuns(cell)), deviations.join(", ")].map(renderCell)}` : null;
}

/** Marks for the oddities of a cell's published scores and of its base model's. */
function renderComparisonMarks(report: JudgedReport, cell: ReportCell, measure: Measure): Html | null {
  return renderNoteMarks(report, [...listCellOddities(cell, measure), ...listBaseOddities(report, cell, measure)]);
}

function renderVerdictRow(report: JudgedReport, judged: JudgedCell, hasRepetitions: boolean): Html {
  const { cell, verdict } = judged;
  const { training, related, agreement } = verdict;
  return renderTableRow(html`${cell.label}${renderComparisonMarks(report, cell, decidingMeasure)}`, [
    [training, related].map((change) => renderChangeCell(change, { decimals: 2, intervalDecimals: 1 })),
    renderLineCell(`${formatChangeDirection(training)}, ${formatChangeDirection(related)}`),
    renderPredictionCell(cell, verdict),
    renderCell(agreement === null ? "–" : formatPercentShare(agreement)),
    renderSeedCells(judged, hasRepetitions),
  ]);
}

/** The changes and verdicts of a category's cells; null if it has none. */
export function renderVerdictTable(report: JudgedReport, category: Category): Html | null {
  const cells = selectCategoryCells(report, category);
  const hasRepetitions = cells.some(({ cell }) => countRuns(cell) > 1);
  return cells.length === 0
    ? null
    : renderHtmlTable({
        caption: `${category.title} cells: change of mean SIB-200 accuracy against the base, %`,
        head: renderHeadRow([
          renderTextHead("Cell"),
          ["Training languages", "Related languages"].map(renderColumnHead),
          ["Observed: training, related", "Prediction"].map(renderTextHead),
          renderColumnHead("Agreeing resamples"),
          hasRepetitions && ["Runs", "SD: training, related"].map(renderColumnHead),
        ]),
        rows: cells.map((judged) => renderVerdictRow(report, judged, hasRepetitions)),
      });
}

/** The other measures in which some cell can be compared with its base. */
function listOtherMeasures(report: JudgedReport): Measure[] {
  return report.measures.filter(
    (measure) =>
      !isSameMeasure(measure, decidingMeasure) &&
      report.judgedCells.some(({ cell }) => computePlainChanges(cell, measure).training !== null),
  );
}

function renderOtherMeasuresRow(report: JudgedReport, cell: ReportCell, measures: readonly Measure[]): Html {
  const cells = measures.map((measure) => {
    const { training, related } = computePlainChanges(cell, measure);
    const marks = renderComparisonMarks(report, cell, measure);
    return [training, related].map((change) => renderCell([formatWithSign(change, 1), marks]));
  });
  return renderTableRow(cell.label, cells);
}

/** Changes of the same cells in translation, which the paper does not use for its answer. */
export function renderOtherMeasuresTable(report: JudgedReport): Html | null {
  const measures = listOtherMeasures(report);
  if (measures.length === 0) return null;
  const measureHeads = measures.map((measure) => renderGroupHead(formatMeasureName(measure), 2));
  const table = renderHtmlTable({
    caption: "Change of the mean translation score against the base, %",
    head: html`${renderHeadRow([renderTallTextHead("Cell"), measureHeads])}
${renderHeadRow(measures.map(() => ["Training", "Related"].map(renderColumnHead)))}`,
    rows: report.judgedCells.map(({ cell }) => renderOtherMeasuresRow(report, cell, measures)),
  });
  return html`<p>The paper answers this question by classification alone. In translation the same cells change by:</p>\
${table}`;
}
