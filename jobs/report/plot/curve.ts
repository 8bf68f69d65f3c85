import { html, type Html } from "../html.ts";
import { picture, type PictureText } from "./picture.ts";
import { linear, px, type Axis } from "./scale.ts";

export type Point = readonly [number, number];

/** The axes that all curves of a grid share. */
export interface CurveAxes {
  readonly x: Axis;
  readonly y: Axis;
}

export interface CurvePlot extends PictureText {
  readonly axes: CurveAxes;
  /** Empty draws "no curve". */
  readonly points: readonly Point[];
  /** Id of the path that `curveBackdrop` made. */
  readonly backdrop: string;
}

const size = { width: 230, height: 150 };
const box = { left: 34, right: 222, top: 10, bottom: 124 };

const scales = ({ x, y }: CurveAxes) => ({
  x: linear(x.domain, [box.left, box.right]),
  y: linear(y.domain, [box.bottom, box.top]),
});

const pathOf = (points: readonly Point[], axes: CurveAxes): string => {
  const { x, y } = scales(axes);
  return points.map(([step, loss], index) => `${index === 0 ? "M" : "L"}${px(x(step))} ${px(y(loss))}`).join("");
};

const grid = (axes: CurveAxes): Html => {
  const { x, y } = scales(axes);
  return html`${axes.y.ticks.map(({ value, text }) => html`<line class="grid" x1="${box.left}" x2="${box.right}" y1="${px(y(value))}" y2="${px(y(value))}"/><text class="tick" text-anchor="end" x="${box.left - 5}" y="${px(y(value) + 4)}">${text}</text>`)}${
    axes.x.ticks.map(({ value, text }) => html`<text class="tick" text-anchor="middle" x="${px(x(value))}" y="${box.bottom + 15}">${text}</text>`)}`;
};

const lastMark = (point: Point, axes: CurveAxes): Html => {
  const { x, y } = scales(axes);
  const at = { x: x(point[0]), y: y(point[1]) };
  return html`<circle class="end" cx="${px(at.x)}" cy="${px(at.y)}" r="3"/><text class="value" text-anchor="end" x="${px(at.x)}" y="${px(at.y - 8)}">${point[1].toFixed(2)}</text>`;
};

/** All curves of the grid as one path, drawn faintly behind each; put it on the page once. */
export const curveBackdrop = (id: string, curves: readonly (readonly Point[])[], axes: CurveAxes): Html =>
  html`<svg class="hidden" aria-hidden="true" width="0" height="0"><defs><path id="${id}" d="${curves.map((points) => pathOf(points, axes)).join("")}"/></defs></svg>`;

/** One curve in front of all of the others, with its last value. */
export const curvePlot = ({ axes, points, backdrop, ...text }: CurvePlot): Html => {
  const last = points.at(-1);
  return picture(text, size, [
    grid(axes),
    html`<use class="others" href="#${backdrop}"/>`,
    last === undefined
      ? html`<text class="absent" text-anchor="middle" x="${(box.left + box.right) / 2}" y="${(box.top + box.bottom) / 2}">no curve</text>`
      : html`<path class="curve" d="${pathOf(points, axes)}"/>${lastMark(last, axes)}`,
  ]);
};
