import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { computeAverage } from "../languageAverage.ts";
import { buildCurveAxes, renderCurveBackdrop, renderCurvePanel } from "../plot/curvePlot.ts";
import type { CurvePoint } from "../plot/curvePlot.ts";
import { groupCells } from "../reportModel.ts";
import type { CellGroup, Report, ReportCell } from "../reportModel.ts";
import type { ScoreIndex } from "../scoreIndex.ts";
import { buildMeasureKey, formatMeasureName, listMeasures } from "../scoreMeasure.ts";
import type { Measure } from "../scoreMeasure.ts";
import {
  renderCell,
  renderColumnHead,
  renderHeadRow,
  renderHtmlTable,
  renderTableRow,
  renderTextHead,
} from "./htmlTable.ts";
import { buildElementId, formatDecimal } from "./textFormat.ts";

const tokensPerUnit = 1e6;

interface ScoreCurve {
  readonly cell: ReportCell;
  /** Millions of tokens, and the mean score. */
  readonly points: readonly CurvePoint[];
}

/** The mean of a cell's training languages at one checkpoint; null if a score is missing. */
function computeCheckpointMean(
  report: Report,
  cell: ReportCell,
  { measure, scoreIndex }: { readonly measure: Measure; readonly scoreIndex: ScoreIndex },
): number | null {
  return computeAverage(report, [cell], { measure, part: "training", selectScores: () => scoreIndex });
}

/** The means of a cell at its evaluated checkpoints; a checkpoint without one is left out. */
function buildScoreCurve(report: Report, cell: ReportCell, measure: Measure): ScoreCurve {
  const points = cell.checkpoints.flatMap(({ tokens, scoreIndex }): CurvePoint[] => {
    const mean = computeCheckpointMean(report, cell, { measure, scoreIndex });
    return mean === null ? [] : [[tokens / tokensPerUnit, mean]];
  });
  return { cell, points };
}

function describeScoreCurve(points: readonly CurvePoint[]): string {
  const texts = points.map(([tokens, score]) => `${formatDecimal(score)} after ${formatDecimal(tokens)}`);
  return texts.length === 0 ? "No scores." : `${texts.join(", ")} M tokens.`;
}

function renderScoreFigure(report: Report, { name, cells }: CellGroup, measure: Measure): Html {
  const curves = cells.map((cell) => buildScoreCurve(report, cell, measure));
  const allPoints = curves.map(({ points }) => points);
  const axes = buildCurveAxes(allPoints);
  const key = buildMeasureKey(measure);
  const backdrop = buildElementId("all-score-curves", name, key);
  const panels = curves.map(({ cell, points }) =>
    renderCurvePanel(cell.label, {
      id: buildElementId("score-curve", name, cell.id, key),
      title: `${formatMeasureName(measure)} of ${cell.label}`,
      description: describeScoreCurve(points),
      axes,
      points,
      backdrop,
      hasDots: true,
    }),
  );
  return html`<figure><figcaption><strong>${name}. ${formatMeasureName(measure)}</strong> over millions of tokens: the \
mean of the cell's training languages at each evaluated checkpoint. The score axis may not start at zero.</figcaption>
${renderCurveBackdrop(backdrop, allPoints, axes)}
<div class="panels four">${panels}</div></figure>`;
}

function renderCheckpointRows(report: Report, cell: ReportCell, measures: readonly Measure[]): Html[] {
  return cell.checkpoints.map(({ step, tokens, scoreIndex }) => {
    const means = measures.map((measure) => computeCheckpointMean(report, cell, { measure, scoreIndex }));
    const values = [String(step), formatDecimal(tokens / tokensPerUnit), ...means.map(formatDecimal)];
    return renderTableRow(cell.label, values.map(renderCell));
  });
}

/** Scores over tokens for cells of which several checkpoints are evaluated; null if there are none. */
export function renderCurvesSection(report: Report): Html | null {
  const groups = groupCells(report)
    .map(({ name, cells }) => ({ name, cells: cells.filter(({ checkpoints }) => checkpoints.length > 1) }))
    .filter(({ cells }) => cells.length > 0);
  if (groups.length === 0) return null;
  const cells = groups.flatMap((group) => group.cells);
  const measures = listMeasures(cells.flatMap(({ scores }) => scores));
  const columns = ["Step", "M tokens", ...measures.map(formatMeasureName)];
  return html`<section aria-labelledby="curves">
<h2 id="curves">Scores over tokens</h2>
${groups.flatMap((group) => measures.map((measure) => renderScoreFigure(report, group, measure)))}
${renderHtmlTable({
  caption: "Mean scores of the training languages at each evaluated checkpoint",
  head: renderHeadRow([renderTextHead("Cell"), columns.map(renderColumnHead)]),
  rows: cells.flatMap((cell) => renderCheckpointRows(report, cell, measures)),
})}
</section>`;
}
