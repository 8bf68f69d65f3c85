import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { renderPicture } from "./picture.ts";
import type { PictureText } from "./picture.ts";
import { buildLinearScale, buildPlotAxis, formatCoordinate } from "./plotAxis.ts";
import type { PlotAxis } from "./plotAxis.ts";

export type CurvePoint = readonly [number, number];

/** The axes that all curves of a grid share. */
export interface CurveAxes {
  readonly x: PlotAxis;
  readonly y: PlotAxis;
}

interface CurvePlot extends PictureText {
  readonly axes: CurveAxes;
  /** "no curve" if empty. */
  readonly points: readonly CurvePoint[];
  /** Id of the path that `renderCurveBackdrop` rendered. */
  readonly backdrop: string;
}

const curveSize = { width: 230, height: 150 };
const curveBox = { left: 34, right: 222, top: 10, bottom: 124 };

/** Axes over all curves; x begins at zero, and y may not. */
export function buildCurveAxes(curves: readonly (readonly CurvePoint[])[]): CurveAxes {
  return {
    x: buildPlotAxis(
      curves.flatMap((points) => points.map(([x]) => x)),
      { count: 3, cover: [0], tight: true },
    ),
    y: buildPlotAxis(
      curves.flatMap((points) => points.map(([, y]) => y)),
      { count: 4, tight: true },
    ),
  };
}

function buildCurveScales({ x, y }: CurveAxes) {
  return {
    x: buildLinearScale(x.domain, [curveBox.left, curveBox.right]),
    y: buildLinearScale(y.domain, [curveBox.bottom, curveBox.top]),
  };
}

function buildCurvePath(points: readonly CurvePoint[], axes: CurveAxes): string {
  const { x, y } = buildCurveScales(axes);
  return points
    .map(([step, loss], index) => `${index === 0 ? "M" : "L"}${formatCoordinate(x(step))} ${formatCoordinate(y(loss))}`)
    .join("");
}

function renderCurveGrid(axes: CurveAxes): Html {
  const { x, y } = buildCurveScales(axes);
  const { left, right, bottom } = curveBox;
  const rows = axes.y.ticks.map(({ value, text }) => {
    const lineY = formatCoordinate(y(value));
    return html`<line class="grid" x1="${left}" x2="${right}" y1="${lineY}" y2="${lineY}"/>\
<text class="tick" text-anchor="end" x="${left - 5}" y="${formatCoordinate(y(value) + 4)}">${text}</text>`;
  });
  const columns = axes.x.ticks.map(({ value, text }) => {
    const tickX = formatCoordinate(x(value));
    return html`<text class="tick" text-anchor="middle" x="${tickX}" y="${bottom + 15}">${text}</text>`;
  });
  return html`${rows}${columns}`;
}

function renderLastPoint([step, loss]: CurvePoint, axes: CurveAxes): Html {
  const scales = buildCurveScales(axes);
  const [x, y, textY] = [scales.x(step), scales.y(loss), scales.y(loss) - 8].map(formatCoordinate);
  return html`<circle class="end" cx="${x}" cy="${y}" r="3"/>\
<text class="value" text-anchor="end" x="${x}" y="${textY}">${loss.toFixed(2)}</text>`;
}

function renderCurve(points: readonly CurvePoint[], axes: CurveAxes): Html {
  const last = points.at(-1);
  const { left, right, top, bottom } = curveBox;
  return last === undefined
    ? html`<text class="absent" text-anchor="middle" x="${(left + right) / 2}" y="${(top + bottom) / 2}">\
no curve</text>`
    : html`<path class="curve" d="${buildCurvePath(points, axes)}"/>${renderLastPoint(last, axes)}`;
}

/** All curves of the grid as one path, drawn faintly behind each curve; belongs on the page once. */
export function renderCurveBackdrop(id: string, curves: readonly (readonly CurvePoint[])[], axes: CurveAxes): Html {
  const path = curves.map((points) => buildCurvePath(points, axes)).join("");
  return html`<svg class="hidden" aria-hidden="true" width="0" height="0">\
<defs><path id="${id}" d="${path}"/></defs></svg>`;
}

/** One curve in front of all others, with its last value. */
function renderCurvePlot({ axes, points, backdrop, ...text }: CurvePlot): Html {
  return renderPicture(text, curveSize, [
    renderCurveGrid(axes),
    html`<use class="others" href="#${backdrop}"/>`,
    renderCurve(points, axes),
  ]);
}

/** A curve under its name, as one entry of a grid. */
export function renderCurvePanel(label: string, plot: CurvePlot): Html {
  return html`<div class="panel"><p class="panel-title">${label}</p>${renderCurvePlot(plot)}</div>`;
}
