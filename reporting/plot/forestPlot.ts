import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { renderValueAxis } from "./rowLayout.ts";
import { computePlotLeft } from "./rowLayout.ts";
import { renderMarker } from "./marker.ts";
import type { MarkerKind } from "./marker.ts";
import { renderPicture } from "./picture.ts";
import type { PictureText } from "./picture.ts";
import { buildLinearScale, formatCoordinate } from "./plotAxis.ts";
import type { PlotAxis } from "./plotAxis.ts";

/** A value with its interval. */
export interface IntervalEstimate {
  readonly kind: MarkerKind;
  readonly title: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface ForestRow {
  readonly label: string;
  /** Drawn from top to bottom within the row; none draws "no scores". */
  readonly estimates: readonly IntervalEstimate[];
  /** Short text at the right end, or nothing. */
  readonly flag: string | null;
  /** A little space above, where another group begins. */
  readonly startsGroup: boolean;
}

export interface ForestPlot extends PictureText {
  readonly rows: readonly ForestRow[];
  readonly axis: PlotAxis;
  /** Half the width of the band around zero in which a change counts as none. */
  readonly band: number;
  readonly unit: string;
}

const forestWidth = 350;
const forestMinLeft = 102;
const forestLabelGap = 8;
const forestRight = 315;
const forestTop = 8;
const forestRowHeight = 26;
const forestGroupGap = 10;
const forestAxisHeight = 34;

type ForestScale = (value: number) => number;

function placeForestRows(rows: readonly ForestRow[]): { row: ForestRow; y: number }[] {
  let at = forestTop;
  return rows.map((row) => {
    at += row.startsGroup ? forestGroupGap : 0;
    const y = at + forestRowHeight / 2;
    at += forestRowHeight;
    return { row, y };
  });
}

interface ForestFrame {
  readonly x: ForestScale;
  /** Where the plotted part begins. */
  readonly left: number;
}

function renderForestBackdrop(plot: ForestPlot, { x, left }: ForestFrame, bottom: number): Html {
  const axis = renderValueAxis(
    plot,
    { x, left, right: forestRight, top: forestTop, bottom },
    {
      lineOf: ({ value }) => (value === 0 ? "zero" : "grid"),
      textOf: ({ value, text }) => (value > 0 ? `+${text}` : text.replace("-", "−")),
    },
  );
  return html`<rect class="band" x="${formatCoordinate(x(-plot.band))}" width="${formatCoordinate(x(plot.band) - x(-plot.band))}" y="${forestTop}" height="${bottom - forestTop}"/>${axis}`;
}

function renderEstimate({ kind, title, value, low, high }: IntervalEstimate, x: ForestScale, y: number): Html {
  return html`<line class="whisker ${kind}" x1="${formatCoordinate(x(low))}" x2="${formatCoordinate(x(high))}" y1="${formatCoordinate(y)}" y2="${formatCoordinate(y)}"/>${renderMarker(kind, [x(value), y], title)}`;
}

function renderForestRow({ label, estimates, flag }: ForestRow, { x, left }: ForestFrame, y: number): Html {
  const step = 11;
  const first = y - ((estimates.length - 1) * step) / 2;
  const content =
    estimates.length === 0
      ? html`<text class="absent" x="${formatCoordinate(left + 6)}" y="${formatCoordinate(y + 4)}">no change known</text>`
      : estimates.map((one, index) => renderEstimate(one, x, first + index * step));
  return html`<text class="label" text-anchor="end" x="${formatCoordinate(left - forestLabelGap)}" y="${formatCoordinate(y + 4)}">${label}</text>${content}${flag !== null && html`<text class="value" text-anchor="end" x="${forestWidth}" y="${formatCoordinate(y + 4)}">${flag}</text>`}`;
}

/** Estimates with their intervals, a row per cell, around a line at zero. */
export function renderForestPlot(plot: ForestPlot): Html {
  const placed = placeForestRows(plot.rows);
  const bottom = (placed.at(-1)?.y ?? forestTop) + forestRowHeight / 2;
  const left = computePlotLeft(
    plot.rows.map(({ label }) => label),
    { least: forestMinLeft, gap: forestLabelGap },
  );
  const frame = { left, x: buildLinearScale(plot.axis.domain, [left, forestRight]) };
  return renderPicture(plot, { width: forestWidth, height: bottom + forestAxisHeight }, [
    renderForestBackdrop(plot, frame, bottom),
    ...placed.map(({ row, y }) => renderForestRow(row, frame, y)),
  ]);
}
