import { html, type Html } from "../html.ts";
import { valueAxis } from "./axis.ts";
import { rightOfLabels } from "./labels.ts";
import { marker, type MarkerKind } from "./marker.ts";
import { picture, type PictureText } from "./picture.ts";
import { linear, px, type Axis } from "./scale.ts";

/** A row: faint dots of the languages, and the means of their groups as marks. */
export interface LevelRow {
  readonly label: string;
  readonly dots: readonly number[];
  readonly means: readonly { readonly kind: MarkerKind; readonly title: string; readonly value: number }[];
}

export interface LevelPlot extends PictureText {
  readonly rows: readonly LevelRow[];
  readonly axis: Axis;
  readonly unit: string;
  readonly reference: { readonly value: number; readonly label: string } | null;
}

const width = 340;
const narrowest = 88;
const gap = 10;
const right = 330;
const top = 20;
const rowHeight = 26;
const axisHeight = 34;

type Scale = (value: number) => number;

interface Frame {
  readonly x: Scale;
  /** Where the plotted part begins. */
  readonly left: number;
}

const referenceLine = ({ value, label }: NonNullable<LevelPlot["reference"]>, x: Scale, bottom: number): Html =>
  html`<line class="reference" x1="${px(x(value))}" x2="${px(x(value))}" y1="${top - 4}" y2="${bottom}"/><text class="note" text-anchor="middle" x="${px(x(value))}" y="${top - 8}">${label}</text>`;

const rowOf = ({ label, dots, means }: LevelRow, { x, left }: Frame, y: number): Html =>
  html`<text class="label" text-anchor="end" x="${px(left - gap)}" y="${y + 4}">${label}</text><line class="rule" x1="${px(left)}" x2="${right}" y1="${y}" y2="${y}"/>${
    dots.length + means.length === 0
      ? html`<text class="absent" x="${px(left + 6)}" y="${y + 4}">no scores</text>`
      : [dots.map((value) => html`<circle class="dot" cx="${px(x(value))}" cy="${y}" r="2.5"/>`), means.map(({ kind, title, value }) => marker(kind, [x(value), y], title))]}`;

/** Means of groups of languages, a row per mixture, over the single languages. */
export const levelPlot = (plot: LevelPlot): Html => {
  const bottom = top + plot.rows.length * rowHeight;
  const left = rightOfLabels(plot.rows.map(({ label }) => label), { least: narrowest, gap });
  const x = linear(plot.axis.domain, [left, right]);
  return picture(plot, { width, height: bottom + axisHeight }, [
    valueAxis(plot, { x, left, right, top, bottom }),
    html`${plot.reference && referenceLine(plot.reference, x, bottom)}`,
    ...plot.rows.map((row, index) => rowOf(row, { x, left }, top + (index + 0.5) * rowHeight)),
  ]);
};
