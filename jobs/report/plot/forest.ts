import { html, type Html } from "../html.ts";
import { valueAxis } from "./axis.ts";
import { rightOfLabels } from "./labels.ts";
import { marker, type MarkerKind } from "./marker.ts";
import { picture, type PictureText } from "./picture.ts";
import { linear, px, type Axis } from "./scale.ts";

/** A value with its interval. */
export interface Estimate {
  readonly kind: MarkerKind;
  readonly title: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface ForestRow {
  readonly label: string;
  /** Drawn from top to bottom within the row; none draws "no scores". */
  readonly estimates: readonly Estimate[];
  /** Short text at the right end, or nothing. */
  readonly flag: string | null;
  /** A little space above, where another group begins. */
  readonly apart: boolean;
}

export interface ForestPlot extends PictureText {
  readonly rows: readonly ForestRow[];
  readonly axis: Axis;
  /** Half the width of the band around zero in which a change counts as none. */
  readonly band: number;
  readonly unit: string;
}

const width = 350;
const narrowest = 102;
const gap = 8;
const right = 315;
const top = 8;
const rowHeight = 26;
const space = 10;
const axisHeight = 34;

type Scale = (value: number) => number;

const rowsWithPlace = (rows: readonly ForestRow[]): { row: ForestRow; y: number }[] => {
  let at = top;
  return rows.map((row) => {
    at += row.apart ? space : 0;
    const y = at + rowHeight / 2;
    at += rowHeight;
    return { row, y };
  });
};

interface Frame {
  readonly x: Scale;
  /** Where the plotted part begins. */
  readonly left: number;
}

const backdrop = (plot: ForestPlot, { x, left }: Frame, bottom: number): Html => {
  const axis = valueAxis(plot, { x, left, right, top, bottom }, {
    lineOf: ({ value }) => (value === 0 ? "zero" : "grid"),
    textOf: ({ value, text }) => (value > 0 ? `+${text}` : text.replace("-", "−")),
  });
  return html`<rect class="band" x="${px(x(-plot.band))}" width="${px(x(plot.band) - x(-plot.band))}" y="${top}" height="${bottom - top}"/>${axis}`;
};

const estimate = ({ kind, title, value, low, high }: Estimate, x: Scale, y: number): Html =>
  html`<line class="whisker ${kind}" x1="${px(x(low))}" x2="${px(x(high))}" y1="${px(y)}" y2="${px(y)}"/>${marker(kind, [x(value), y], title)}`;

const rowOf = ({ label, estimates, flag }: ForestRow, { x, left }: Frame, y: number): Html => {
  const step = 11;
  const first = y - ((estimates.length - 1) * step) / 2;
  const content = estimates.length === 0 ? html`<text class="absent" x="${px(left + 6)}" y="${px(y + 4)}">no change known</text>` : estimates.map((one, index) => estimate(one, x, first + index * step));
  return html`<text class="label" text-anchor="end" x="${px(left - gap)}" y="${px(y + 4)}">${label}</text>${content}${flag !== null && html`<text class="value" text-anchor="end" x="${width}" y="${px(y + 4)}">${flag}</text>`}`;
};

/** Estimates with their intervals, a row per cell, around a line at zero. */
export const forestPlot = (plot: ForestPlot): Html => {
  const placed = rowsWithPlace(plot.rows);
  const bottom = (placed.at(-1)?.y ?? top) + rowHeight / 2;
  const left = rightOfLabels(plot.rows.map(({ label }) => label), { least: narrowest, gap });
  const frame = { left, x: linear(plot.axis.domain, [left, right]) };
  return picture(plot, { width, height: bottom + axisHeight }, [backdrop(plot, frame, bottom), ...placed.map(({ row, y }) => rowOf(row, frame, y))]);
};
