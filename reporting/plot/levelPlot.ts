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

/** A row: faint dots of the languages, and the means of their groups as marks. */
export interface LevelRow {
  readonly label: string;
  readonly dots: readonly number[];
  readonly means: readonly { readonly kind: MarkerKind; readonly title: string; readonly value: number }[];
}

export interface LevelPlot extends PictureText {
  readonly rows: readonly LevelRow[];
  readonly axis: PlotAxis;
  readonly unit: string;
  readonly reference: { readonly value: number; readonly label: string } | null;
}

const levelWidth = 340;
const levelMinLeft = 88;
const levelLabelGap = 10;
const levelRight = 330;
const levelTop = 20;
const levelRowHeight = 26;
const levelAxisHeight = 34;

type LevelScale = (value: number) => number;

interface LevelFrame {
  readonly x: LevelScale;
  /** Where the plotted part begins. */
  readonly left: number;
}

function renderReferenceLine(
  { value, label }: NonNullable<LevelPlot["reference"]>,
  x: LevelScale,
  bottom: number,
): Html {
  return html`<line class="reference" x1="${formatCoordinate(x(value))}" x2="${formatCoordinate(x(value))}" y1="${levelTop - 4}" y2="${bottom}"/><text class="note" text-anchor="middle" x="${formatCoordinate(x(value))}" y="${levelTop - 8}">${label}</text>`;
}

function renderLevelRow({ label, dots, means }: LevelRow, { x, left }: LevelFrame, y: number): Html {
  return html`<text class="label" text-anchor="end" x="${formatCoordinate(left - levelLabelGap)}" y="${y + 4}">${label}</text><line class="rule" x1="${formatCoordinate(left)}" x2="${levelRight}" y1="${y}" y2="${y}"/>${
    dots.length + means.length === 0
      ? html`<text class="absent" x="${formatCoordinate(left + 6)}" y="${y + 4}">no scores</text>`
      : [
          dots.map((value) => html`<circle class="dot" cx="${formatCoordinate(x(value))}" cy="${y}" r="2.5"/>`),
          means.map(({ kind, title, value }) => renderMarker(kind, [x(value), y], title)),
        ]
  }`;
}

/** Means of groups of languages, a row per mixture, over the single languages. */
export function renderLevelPlot(plot: LevelPlot): Html {
  const bottom = levelTop + plot.rows.length * levelRowHeight;
  const left = computePlotLeft(
    plot.rows.map(({ label }) => label),
    { least: levelMinLeft, gap: levelLabelGap },
  );
  const x = buildLinearScale(plot.axis.domain, [left, levelRight]);
  return renderPicture(plot, { width: levelWidth, height: bottom + levelAxisHeight }, [
    renderValueAxis(plot, { x, left, right: levelRight, top: levelTop, bottom }),
    html`${plot.reference && renderReferenceLine(plot.reference, x, bottom)}`,
    ...plot.rows.map((row, index) => renderLevelRow(row, { x, left }, levelTop + (index + 0.5) * levelRowHeight)),
  ]);
}
