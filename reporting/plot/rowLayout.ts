import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { formatCoordinate } from "./plotAxis.ts";
import type { PlotAxis } from "./plotAxis.ts";

/** Maps a value to a horizontal coordinate. */
export type PlotScale = (value: number) => number;

/** The scale of a plot and the left edge of its plotted part. */
export interface PlotFrame {
  readonly x: PlotScale;
  readonly left: number;
}

export const plotRowHeight = 26;
export const plotAxisHeight = 34;

type AxisTick = PlotAxis["ticks"][number];

/** The area above the axis, in which the rows are drawn. */
interface AxisBounds extends PlotFrame {
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface ValueAxisOptions {
  /** CSS class of the line at a tick. */
  readonly lineClass?: (tick: AxisTick) => string;
  /** Text of a tick. */
  readonly tickText?: (tick: AxisTick) => string;
}

/** Upright lines at the ticks, with their numbers and the unit below. */
export function renderValueAxis(
  { axis, unit }: { readonly axis: PlotAxis; readonly unit: string },
  { x, left, right, top, bottom }: AxisBounds,
  { lineClass = () => "grid", tickText = ({ text }) => text }: ValueAxisOptions = {},
): Html {
  const ticks = axis.ticks.map((tick) => {
    const tickX = formatCoordinate(x(tick.value));
    return html`<line class="${lineClass(tick)}" x1="${tickX}" x2="${tickX}" y1="${top}" y2="${bottom}"/>\
<text class="tick" text-anchor="middle" x="${tickX}" y="${bottom + 14}">${tickText(tick)}</text>`;
  });
  const middle = (left + right) / 2;
  return html`${ticks}<text class="note" text-anchor="middle" x="${middle}" y="${bottom + 29}">${unit}</text>`;
}

/** The label of a row, which ends at `right`. */
export function renderRowLabel(label: string, right: number, y: number): Html {
  return html`<text class="label" text-anchor="end" x="${formatCoordinate(right)}" y="${formatCoordinate(y + 4)}">\
${label}</text>`;
}

/** The text of a row without data. */
export function renderEmptyRowText(text: string, left: number, y: number): Html {
  return html`<text class="absent" x="${formatCoordinate(left + 6)}" y="${formatCoordinate(y + 4)}">${text}</text>`;
}

/** Mean width of a character of an 11 px label, in the plot's own units. */
const characterWidth = 6.3;

/** Largest width of the labels in a plot; longer ones extend beyond its left edge. */
const maxLabelWidth = 190;

/** Left edge of the plotted part, with room for the longest label but at least `minimum`. */
export function computePlotLeft(labels: readonly string[], { minimum, gap }: { minimum: number; gap: number }): number {
  return Math.max(
    minimum,
    Math.min(maxLabelWidth, Math.max(0, ...labels.map(({ length }) => length * characterWidth)) + gap),
  );
}
