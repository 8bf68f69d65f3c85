import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { formatCoordinate } from "./plotAxis.ts";
import type { PlotAxis } from "./plotAxis.ts";

/** A tick of the axis. */
type AxisTick = PlotAxis["ticks"][number];

/** Where an axis of values lies: `x` puts a value into the picture, rows stand between `top` and `bottom`. */
export interface AxisBounds {
  readonly x: (value: number) => number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Upright lines at the ticks, their numbers below, and what is measured. */
export function renderValueAxis(
  { axis, unit }: { readonly axis: PlotAxis; readonly unit: string },
  { x, left, right, top, bottom }: AxisBounds,
  {
    lineOf = () => "grid",
    textOf = ({ text }) => text,
  }: { lineOf?: (tick: AxisTick) => string; textOf?: (tick: AxisTick) => string } = {},
): Html {
  return html`${axis.ticks.map((tick) => {
    const at = formatCoordinate(x(tick.value));
    return html`<line class="${lineOf(tick)}" x1="${at}" x2="${at}" y1="${top}" y2="${bottom}"/><text class="tick" text-anchor="middle" x="${at}" y="${bottom + 14}">${textOf(tick)}</text>`;
  })}<text class="note" text-anchor="middle" x="${(left + right) / 2}" y="${bottom + 29}">${unit}</text>`;
}

/** Mean width of a character of a label, of 11 px, in a plot's own units. */
const characterWidth = 6.3;

/** Most that labels may take of a plot; what is longer stands out of it. */
const maxLabelWidth = 190;

/** Where the plotted part begins, so that its longest label has room: never before `least`. */
export function computePlotLeft(labels: readonly string[], { least, gap }: { least: number; gap: number }): number {
  return Math.max(
    least,
    Math.min(maxLabelWidth, Math.max(0, ...labels.map(({ length }) => length * characterWidth)) + gap),
  );
}
