import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { renderPicture } from "./picture.ts";
import type { PictureText } from "./picture.ts";
import { buildLinearScale, formatCoordinate } from "./plotAxis.ts";
import type { PlotAxis } from "./plotAxis.ts";

export type CurvePoint = readonly [number, number];

/** The axes that all curves of a grid share. */
export interface CurveAxes {
  readonly x: PlotAxis;
  readonly y: PlotAxis;
}

export interface CurvePlot extends PictureText {
  readonly axes: CurveAxes;
  /** Empty draws "no curve". */
  readonly points: readonly CurvePoint[];
  /** Id of the path that `curveBackdrop` made. */
  readonly backdrop: string;
}

const curveSize = { width: 230, height: 150 };
const curveBox = { left: 34, right: 222, top: 10, bottom: 124 };

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
  return html`${axes.y.ticks.map(({ value, text }) => html`<line class="grid" x1="${curveBox.left}" x2="${curveBox.right}" y1="${formatCoordinate(y(value))}" y2="${formatCoordinate(y(value))}"/><text class="tick" text-anchor="end" x="${curveBox.left - 5}" y="${formatCoordinate(y(value) + 4)}">${text}</text>`)}${axes.x.ticks.map(
    ({ value, text }) =>
      html`<text class="tick" text-anchor="middle" x="${formatCoordinate(x(value))}" y="${curveBox.bottom + 15}">${text}</text>`,
  )}`;
}

function renderLastPoint(point: CurvePoint, axes: CurveAxes): Html {
  const { x, y } = buildCurveScales(axes);
  const at = { x: x(point[0]), y: y(point[1]) };
  return html`<circle class="end" cx="${formatCoordinate(at.x)}" cy="${formatCoordinate(at.y)}" r="3"/><text class="value" text-anchor="end" x="${formatCoordinate(at.x)}" y="${formatCoordinate(at.y - 8)}">${point[1].toFixed(2)}</text>`;
}

/** All curves of the grid as one path, drawn faintly behind each; put it on the page once. */
export function renderCurveBackdrop(id: string, curves: readonly (readonly CurvePoint[])[], axes: CurveAxes): Html {
  return html`<svg class="hidden" aria-hidden="true" width="0" height="0"><defs><path id="${id}" d="${curves.map((points) => buildCurvePath(points, axes)).join("")}"/></defs></svg>`;
}

/** One curve in front of all of the others, with its last value. */
export function renderCurvePlot({ axes, points, backdrop, ...text }: CurvePlot): Html {
  const last = points.at(-1);
  return renderPicture(text, curveSize, [
    renderCurveGrid(axes),
    html`<use class="others" href="#${backdrop}"/>`,
    last === undefined
      ? html`<text class="absent" text-anchor="middle" x="${(curveBox.left + curveBox.right) / 2}" y="${(curveBox.top + curveBox.bottom) / 2}">no curve</text>`
      : html`<path class="curve" d="${buildCurvePath(points, axes)}"/>${renderLastPoint(last, axes)}`,
  ]);
}
