import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { renderMarker } from "./marker.ts";
import type { MarkerKind } from "./marker.ts";
import { renderPicture } from "./picture.ts";
import type { PictureText } from "./picture.ts";
import { buildLinearScale, formatCoordinate } from "./plotAxis.ts";
import type { PlotAxis } from "./plotAxis.ts";
import {
  computePlotLeft,
  plotAxisHeight,
  plotRowHeight,
  renderEmptyRowText,
  renderRowLabel,
  renderValueAxis,
} from "./rowLayout.ts";
import type { PlotFrame, PlotScale } from "./rowLayout.ts";

/** A value with its interval; null for a value without one. */
export interface IntervalEstimate {
  readonly kind: MarkerKind;
  readonly title: string;
  readonly value: number;
  readonly interval: { readonly low: number; readonly high: number } | null;
}

export interface ForestRow {
  readonly label: string;
  /** Drawn from top to bottom within the row; "no change known" if empty. */
  readonly estimates: readonly IntervalEstimate[];
  /** Short text at the right end, or nothing. */
  readonly flag: string | null;
  /** Adds a gap above the row, where another group begins. */
  readonly startsGroup: boolean;
}

interface ForestPlot extends PictureText {
  readonly rows: readonly ForestRow[];
  readonly axis: PlotAxis;
  /** Half the width of the band around zero within which a change counts as unchanged. */
  readonly band: number;
  readonly unit: string;
}

const forestBox = { width: 350, minLeft: 102, labelGap: 8, right: 315, top: 8, groupGap: 10, estimateGap: 11 };

function placeForestRows(rows: readonly ForestRow[]): { row: ForestRow; y: number }[] {
  let bottom = forestBox.top;
  return rows.map((row) => {
    bottom += row.startsGroup ? forestBox.groupGap : 0;
    const y = bottom + plotRowHeight / 2;
    bottom += plotRowHeight;
    return { row, y };
  });
}

function renderForestBackdrop(plot: ForestPlot, { x, left }: PlotFrame, bottom: number): Html {
  const { right, top } = forestBox;
  const axis = renderValueAxis(
    plot,
    { x, left, right, top, bottom },
    {
      lineClass: ({ value }) => (value === 0 ? "zero" : "grid"),
      tickText: ({ value, text }) => (value > 0 ? `+${text}` : text.replace("-", "−")),
    },
  );
  const [bandLeft, bandWidth] = [x(-plot.band), x(plot.band) - x(-plot.band)].map(formatCoordinate);
  return html`<rect class="band" x="${bandLeft}" width="${bandWidth}" y="${top}" height="${bottom - top}"/>${axis}`;
}

function renderWhisker({ kind, interval }: IntervalEstimate, x: PlotScale, y: number): Html | null {
  if (interval === null) return null;
  const [lowX, highX, lineY] = [x(interval.low), x(interval.high), y].map(formatCoordinate);
  return html`<line class="whisker ${kind}" x1="${lowX}" x2="${highX}" y1="${lineY}" y2="${lineY}"/>`;
}

function renderEstimate(estimate: IntervalEstimate, x: PlotScale, y: number): Html {
  const { kind, title, value } = estimate;
  return html`${renderWhisker(estimate, x, y)}${renderMarker(kind, [x(value), y], title)}`;
}

function renderFlag(flag: string, y: number): Html {
  const { width } = forestBox;
  return html`<text class="value" text-anchor="end" x="${width}" y="${formatCoordinate(y + 4)}">${flag}</text>`;
}

function renderForestRow({ label, estimates, flag }: ForestRow, { x, left }: PlotFrame, y: number): Html {
  const firstY = y - ((estimates.length - 1) * forestBox.estimateGap) / 2;
  const content =
    estimates.length === 0
      ? renderEmptyRowText("no change known", left, y)
      : estimates.map((estimate, index) => renderEstimate(estimate, x, firstY + index * forestBox.estimateGap));
  return html`${renderRowLabel(label, left - forestBox.labelGap, y)}${content}${flag !== null && renderFlag(flag, y)}`;
}

/** Estimates with their intervals, one row per cell, around a line at zero. */
export function renderForestPlot(plot: ForestPlot): Html {
  const { width, minLeft, labelGap, right, top } = forestBox;
  const placed = placeForestRows(plot.rows);
  const bottom = (placed.at(-1)?.y ?? top) + plotRowHeight / 2;
  const left = computePlotLeft(
    plot.rows.map(({ label }) => label),
    { minimum: minLeft, gap: labelGap },
  );
  const frame = { left, x: buildLinearScale(plot.axis.domain, [left, right]) };
  return renderPicture(plot, { width, height: bottom + plotAxisHeight }, [
    renderForestBackdrop(plot, frame, bottom),
    ...placed.map(({ row, y }) => renderForestRow(row, frame, y)),
  ]);
}
