import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { buildCurveAxes, renderCurveBackdrop, renderCurvePanel } from "../plot/curvePlot.ts";
import type { CurveAxes, CurvePoint } from "../plot/curvePlot.ts";
import { groupCells } from "../reportModel.ts";
import type { CellGroup, Report, ReportCell } from "../reportModel.ts";
import {
  renderCell,
  renderColumnHead,
  renderHeadRow,
  renderHtmlTable,
  renderTableRow,
  renderTextHead,
} from "./htmlTable.ts";
import { buildElementId, formatDecimal, formatSeconds } from "./textFormat.ts";

function getLossCurve({ result }: ReportCell): readonly CurvePoint[] {
  return result?.loss ?? [];
}

function getHeldOutCurve({ result }: ReportCell): readonly CurvePoint[] {
  return result?.heldOutLoss ?? [];
}

function describeLossCurve(name: string, points: readonly CurvePoint[]): string[] {
  const [first, last] = [points[0], points.at(-1)];
  return first && last
    ? [`${name} ${formatDecimal(first[1])} at step ${first[0]}, ${formatDecimal(last[1])} at step ${last[0]}.`]
    : [];
}

function describeLosses(cell: ReportCell): string {
  const texts = [
    ...describeLossCurve("Loss", getLossCurve(cell)),
    ...describeLossCurve("Held-out loss", getHeldOutCurve(cell)),
  ];
  return texts.length === 0 ? "No loss was recorded." : texts.join(" ");
}

function renderLossPanel(cell: ReportCell, axes: CurveAxes, backdrop: string): Html {
  return renderCurvePanel(cell.label, {
    id: buildElementId("loss", cell.group, cell.id),
    title: `Training loss of ${cell.label}`,
    description: describeLosses(cell),
    axes,
    points: getLossCurve(cell),
    second: getHeldOutCurve(cell),
    backdrop,
  });
}

function renderLossFigure({ name, cells }: CellGroup): Html {
  const curves = cells.map(getLossCurve);
  const heldOut = cells.map(getHeldOutCurve);
  const [axes, backdrop] = [buildCurveAxes([...curves, ...heldOut]), buildElementId("all-loss-curves", name)];
  const explanation = heldOut.some((points) => points.length > 0)
    ? " The dashed line is the loss on the text that a cell does not train on."
    : "";
  return html`<figure><figcaption><strong>${name}.</strong> Loss over optimizer steps; the panels share both axes (the \
loss axis may not start at zero). The faint lines are the other cells; the number is the last \
loss.${explanation}</figcaption>
${renderCurveBackdrop(backdrop, curves, axes)}
<div class="panels four">${cells.map((cell) => renderLossPanel(cell, axes, backdrop))}</div></figure>`;
}

function renderLossRow(cell: ReportCell): Html {
  const points = getLossCurve(cell);
  const training = cell.result?.training;
  const lowest = points.length === 0 ? null : points.reduce((least, [, loss]) => Math.min(least, loss), Infinity);
  return renderTableRow(
    cell.label,
    [
      ...[points[0]?.[1], points.at(-1)?.[1], lowest, getHeldOutCurve(cell).at(-1)?.[1]].map(formatDecimal),
      training?.steps ?? "–",
      training?.seconds ? formatSeconds(training.seconds) : "–",
    ].map(renderCell),
  );
}

/** Loss curves of all cells on one scale per model, and a table; null for the paper, which prints none. */
export function renderLossSection(report: Report): Html | null {
  if (report.source === "published") return null;
  const columns = ["First loss", "Last loss", "Lowest loss", "Last held-out loss", "Steps", "Training time"];
  return html`<section aria-labelledby="loss">
<h2 id="loss">Training loss</h2>
${groupCells(report).map(renderLossFigure)}
${renderHtmlTable({
  caption: "Training loss and duration per cell",
  head: renderHeadRow([renderTextHead("Cell"), columns.map(renderColumnHead)]),
  rows: report.cells.map(renderLossRow),
})}
</section>`;
}
