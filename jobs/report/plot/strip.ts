import { html, type Html } from "../html.ts";
import { picture, type PictureText } from "./picture.ts";
import { linear, px, type Axis } from "./scale.ts";

/** A line of dots: one value per language, and their mean. */
export interface Strip {
  readonly label: string;
  readonly values: readonly { readonly label: string; readonly value: number }[];
  /** null draws "no scores" in place of the dots. */
  readonly mean: number | null;
}

export interface StripPlot extends PictureText {
  readonly strips: readonly Strip[];
  readonly axis: Axis;
  readonly reference: { readonly value: number; readonly label: string } | null;
}

const width = 320;
const left = 82;
const right = 268;
const top = 18;
const rowHeight = 30;
const axisHeight = 22;

type Scale = (value: number) => number;

const grid = (axis: Axis, x: Scale, bottom: number): Html =>
  html`${axis.ticks.map(({ value, text }) => html`<line class="grid" x1="${px(x(value))}" x2="${px(x(value))}" y1="${top}" y2="${bottom}"/><text class="tick" text-anchor="middle" x="${px(x(value))}" y="${bottom + 14}">${text}</text>`)}`;

/** Vertical shifts, in turn, for dots that would lie on each other. */
const shifts = [0, -5, 5, -10, 10];

const shiftOf = (at: number, before: readonly number[]): number =>
  shifts[before.filter((other) => Math.abs(other - at) < 4).length % shifts.length] ?? 0;

const dots = ({ values }: Strip, x: Scale, y: number): Html => {
  const positions = values.map(({ value }) => x(value));
  return html`${values.map(({ label, value }, index) => {
    const at = x(value);
    const shift = shiftOf(at, positions.slice(0, index));
    return html`<circle class="dot" cx="${px(at)}" cy="${y + shift}" r="3"><title>${label}: ${value.toFixed(2)}</title></circle>`;
  })}`;
};

const meanMark = (mean: number, x: Scale, y: number): Html =>
  html`<line class="mean" x1="${px(x(mean))}" x2="${px(x(mean))}" y1="${y - 10}" y2="${y + 10}"/><text class="value" text-anchor="end" x="${width - 4}" y="${y + 4}">${mean.toFixed(2)}</text>`;

const row = (strip: Strip, x: Scale, y: number): Html =>
  html`<text class="label" text-anchor="end" x="${left - 10}" y="${y + 4}">${strip.label}</text><line class="rule" x1="${left}" x2="${right}" y1="${y}" y2="${y}"/>${
    strip.mean === null ? html`<text class="absent" x="${left + 6}" y="${y + 4}">no scores</text>` : [dots(strip, x, y), meanMark(strip.mean, x, y)]
  }`;

const referenceLine = (reference: NonNullable<StripPlot["reference"]>, x: Scale, bottom: number): Html =>
  html`<line class="reference" x1="${px(x(reference.value))}" x2="${px(x(reference.value))}" y1="${top - 4}" y2="${bottom}"/><text class="note" text-anchor="middle" x="${px(x(reference.value))}" y="${top - 7}">${reference.label}</text>`;

/** Dots per language on one line per data mixture, the mean as an upright bar and as a number at the right. */
export const stripPlot = ({ strips, axis, reference, ...text }: StripPlot): Html => {
  const bottom = top + strips.length * rowHeight;
  const x = linear(axis.domain, [left, right]);
  return picture(text, { width, height: bottom + axisHeight }, [
    grid(axis, x, bottom),
    html`<text class="note" text-anchor="end" x="${width - 4}" y="${top - 7}">mean</text>`,
    html`${reference && referenceLine(reference, x, bottom)}`,
    ...strips.map((strip, index) => row(strip, x, top + (index + 0.5) * rowHeight)),
  ]);
};
