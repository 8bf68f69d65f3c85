import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { computeMean } from "../statistics/mean.ts";
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
  /** A second curve, dashed, with a dot at each point. */
  readonly second?: readonly CurvePoint[];
  /** Id of the path that `renderCurveBackdrop` rendered. */
  readonly backdrop: string;
  /** Draws a dot at each point. */
  readonly hasDots?: boolean;
}

const curveSize = { width: 230, height: 162 };
const curveBox = { left: 34, right: 222, top: 10, bottom: 124 };

/** The width of a label such as 12.34 and the height of its digits. */
const labelSize = { width: 32, height: 8 };

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

/** The coordinates of the points in the picture, where y grows downwards. */
function locatePoints(points: readonly CurvePoint[], axes: CurveAxes): CurvePoint[] {
  const { x, y } = buildCurveScales(axes);
  return points.map((point) => [x(point[0]), y(point[1])]);
}

function buildCurvePath(points: readonly CurvePoint[], axes: CurveAxes): string {
  return locatePoints(points, axes)
    .map(([x, y], index) => `${index === 0 ? "M" : "L"}${formatCoordinate(x)} ${formatCoordinate(y)}`)
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
    return html`<text class="tick" text-anchor="middle" x="${tickX}" y="${bottom + 27}">${text}</text>`;
  });
  return html`${rows}${columns}`;
}

/**
 * True if the curve falls to its last point, so that a label over that point would be on the line.
 * @param located coordinates in the picture
 */
export function hasFallingEnd(located: readonly CurvePoint[]): boolean {
  const [endX, endY] = located.at(-1) ?? [0, 0];
  const before = located.slice(0, -1);
  const near = before.filter(([x]) => x > endX - labelSize.width);
  const mean = computeMean((near.length === 0 ? before.slice(-1) : near).map(([, y]) => y));
  return mean !== null && mean < endY;
}

function renderDot([x, y]: CurvePoint, radius: number): Html {
  return html`<circle class="point" cx="${formatCoordinate(x)}" cy="${formatCoordinate(y)}" r="${radius}"/>`;
}

function renderLastValue(located: readonly CurvePoint[], value: number): Html {
  const [x, y] = located.at(-1) ?? [0, 0];
  const textY = hasFallingEnd(located) ? y + 8 + labelSize.height : y - 8;
  return html`<text class="value" text-anchor="end" x="${formatCoordinate(x)}" y="${formatCoordinate(textY)}">\
${value.toFixed(2)}</text>`;
}

function renderCurve({ points, axes, hasDots = false }: Omit<CurvePlot, keyof PictureText>): Html {
  const last = points.at(-1);
  const { left, right, top, bottom } = curveBox;
  if (last === undefined)
    return html`<text class="absent" text-anchor="middle" x="${(left + right) / 2}" y="${(top + bottom) / 2}">\
no curve</text>`;
  const located = locatePoints(points, axes);
  const dots = hasDots ? located.slice(0, -1).map((point) => renderDot(point, 2)) : [];
  const end = located.slice(-1).map((point) => renderDot(point, 3));
  const value = renderLastValue(located, last[1]);
  return html`<path class="curve" d="${buildCurvePath(points, axes)}"/>${dots}${end}${value}`;
}

function renderSecondCurve({ second = [], axes }: Pick<CurvePlot, "second" | "axes">): Html {
  const dots = locatePoints(second, axes).map((point) => renderDot(point, 2));
  return second.length === 0
    ? html``
    : html`<g class="second"><path class="curve" d="${buildCurvePath(second, axes)}"/>${dots}</g>`;
}

/** All curves of the grid as one path, drawn faintly behind each curve; belongs on the page once. */
export function renderCurveBackdrop(id: string, curves: readonly (readonly CurvePoint[])[], axes: CurveAxes): Html {
  const path = curves.map((points) => buildCurvePath(points, axes)).join("");
  return html`<svg class="hidden" aria-hidden="true" width="0" height="0">\
<defs><path id="${id}" d="${path}"/></defs></svg>`;
}

/** One curve in front of all others, with its last value. */
function renderCurvePlot(plot: CurvePlot): Html {
  return renderPicture(plot, curveSize, [
    renderCurveGrid(plot.axes),
    html`<use class="others" href="#${plot.backdrop}"/>`,
    renderSecondCurve(plot),
    renderCurve(plot),
  ]);
}

/** A curve under its name, as one entry of a grid. */
export function renderCurvePanel(label: string, plot: CurvePlot): Html {
  return html`<div class="panel"><p class="panel-title">${label}</p>${renderCurvePlot(plot)}</div>`;
}
