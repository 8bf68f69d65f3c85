import { html, type Html } from "../html.ts";
import { categoryNames, dataKinds } from "../../matrix/axes.ts";
import { cellsAt } from "../averages.ts";
import { curveBackdrop, curvePlot, type CurveAxes, type Point } from "../plot/curve.ts";
import { axisOver } from "../plot/scale.ts";
import type { Report, ReportCell } from "../report.ts";
import { duration, fixed, idOf } from "./format.ts";
import { columnHead, table, textHead } from "./table.ts";

const backdrop = "all-loss-curves";

const curveOf = ({ result }: ReportCell): readonly Point[] => result?.loss ?? [];

/** Cells as the grid shows them: a row per category, a column per mixture. */
const inGrid = (report: Report): ReportCell[] =>
  categoryNames.flatMap((category) => dataKinds.flatMap((data) => cellsAt(report, data, category)));

const describe = (points: readonly Point[]): string => {
  const [first, last] = [points[0], points.at(-1)];
  return first && last ? `Loss ${fixed(first[1])} at step ${first[0]}, ${fixed(last[1])} at step ${last[0]}.` : "No loss was recorded.";
};

const panel = (cell: ReportCell, axes: CurveAxes): Html =>
  html`<div class="panel"><p class="panel-title">${cell.id}</p>${curvePlot({
    id: idOf("loss", cell.id),
    title: `Training loss of ${cell.id}`,
    description: describe(curveOf(cell)),
    axes,
    points: curveOf(cell),
    backdrop,
  })}</div>`;

const lossRow = (cell: ReportCell): Html => {
  const points = curveOf(cell);
  const [first, last] = [points[0], points.at(-1)];
  const training = cell.result?.training;
  const lowest = points.length === 0 ? null : Math.min(...points.map(([, loss]) => loss));
  return html`<tr><th scope="row">${cell.id}</th><td>${fixed(first?.[1])}</td><td>${fixed(last?.[1])}</td><td>${fixed(lowest)}</td><td>${training?.steps ?? "–"}</td><td>${training?.seconds ? duration(training.seconds) : "–"}</td></tr>`;
};

/** Loss curves of all cells on one scale, and their ends as a table. */
export const lossSection = (report: Report): Html => {
  const cells = inGrid(report);
  const curves = cells.map(curveOf);
  const axes = {
    x: axisOver(curves.flatMap((points) => points.map(([step]) => step)), { count: 3, cover: [0], tight: true }),
    y: axisOver(curves.flatMap((points) => points.map(([, loss]) => loss)), { count: 4, tight: true }),
  };
  return html`<section aria-labelledby="loss">
<h2 id="loss">Training loss</h2>
<figure><figcaption>Loss over optimiser steps; all panels share both axes (the loss axis need not start at zero). The faint lines are the other cells; the number is the last loss.</figcaption>
${curveBackdrop(backdrop, curves, axes)}
<div class="panels four">${cells.map((cell) => panel(cell, axes))}</div></figure>
${table({
  caption: "Training loss and duration per cell",
  head: html`<tr>${textHead("Cell")}${["First loss", "Last loss", "Lowest loss", "Steps", "Training took"].map(columnHead)}</tr>`,
  rows: cells.map(lossRow),
})}
</section>`;
};
