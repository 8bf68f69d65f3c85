import { html, type Html } from "../html.ts";
import { curveBackdrop, curvePlot, type CurveAxes, type Point } from "../plot/curve.ts";
import { axisOver } from "../plot/scale.ts";
import { groupsOf, type Report, type ReportCell } from "../report.ts";
import { duration, fixed, idOf } from "./format.ts";
import { columnHead, table, textHead } from "./table.ts";

const curveOf = ({ result }: ReportCell): readonly Point[] => result?.loss ?? [];

const describe = (points: readonly Point[]): string => {
  const [first, last] = [points[0], points.at(-1)];
  return first && last ? `Loss ${fixed(first[1])} at step ${first[0]}, ${fixed(last[1])} at step ${last[0]}.` : "No loss was recorded.";
};

const panel = (cell: ReportCell, axes: CurveAxes, backdrop: string): Html =>
  html`<div class="panel"><p class="panel-title">${cell.label}</p>${curvePlot({
    id: idOf("loss", cell.group, cell.id),
    title: `Training loss of ${cell.label}`,
    description: describe(curveOf(cell)),
    axes,
    points: curveOf(cell),
    backdrop,
  })}</div>`;

const axesOf = (curves: readonly (readonly Point[])[]): CurveAxes => ({
  x: axisOver(curves.flatMap((points) => points.map(([step]) => step)), { count: 3, cover: [0], tight: true }),
  y: axisOver(curves.flatMap((points) => points.map(([, loss]) => loss)), { count: 4, tight: true }),
});

const groupFigure = (name: string, cells: readonly ReportCell[]): Html => {
  const curves = cells.map(curveOf);
  const [axes, backdrop] = [axesOf(curves), idOf("all-loss-curves", name)];
  return html`<figure><figcaption><strong>${name}.</strong> Loss over optimiser steps; the panels share both axes (the loss axis need not start at zero). The faint lines are the other cells; the number is the last loss.</figcaption>
${curveBackdrop(backdrop, curves, axes)}
<div class="panels four">${cells.map((cell) => panel(cell, axes, backdrop))}</div></figure>`;
};

const lossRow = (cell: ReportCell): Html => {
  const points = curveOf(cell);
  const training = cell.result?.training;
  const lowest = points.length === 0 ? null : points.reduce((least, [, loss]) => Math.min(least, loss), Infinity);
  return html`<tr><th scope="row">${cell.label}</th><td>${fixed(points[0]?.[1])}</td><td>${fixed(points.at(-1)?.[1])}</td><td>${fixed(lowest)}</td><td>${training?.steps ?? "–"}</td><td>${training?.seconds ? duration(training.seconds) : "–"}</td></tr>`;
};

/** Loss curves of all cells, one scale per model, and their ends as a table; the paper prints none. */
export const lossSection = (report: Report): Html | null => {
  if (report.source === "published") return null;
  return html`<section aria-labelledby="loss">
<h2 id="loss">Training loss</h2>
${groupsOf(report).map(({ name, cells }) => groupFigure(name, cells))}
${table({
    caption: "Training loss and duration per cell",
    head: html`<tr>${textHead("Cell")}${["First loss", "Last loss", "Lowest loss", "Steps", "Training took"].map(columnHead)}</tr>`,
    rows: report.cells.map(lossRow),
  })}
</section>`;
};
