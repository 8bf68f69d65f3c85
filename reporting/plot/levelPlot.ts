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

/** A row: faint dots for the languages, and marks for the means of their groups. */
export interface LevelRow {
  readonly label: string;
  readonly dots: readonly number[];
  readonly means: readonly { readonly kind: MarkerKind; readonly title: string; readonly value: number }[];
}

interface LevelPlot extends PictureText {
  readonly rows: readonly LevelRow[];
  readonly axis: PlotAxis;
  readonly unit: string;
  readonly reference: { readonly value: number; readonly label: string } | null;
}

const levelBox = { width: 340, minLeft: 88, labelGap: 10, right: 330, top: 20 };

function renderReferenceLine(
  { value, label }: NonNullable<LevelPlot["reference"]>,
  x: PlotScale,
  bottom: number,
): Html {
  const lineX = formatCoordinate(x(value));
  const { top } = levelBox;
  return html`<line class="reference" x1="${lineX}" x2="${lineX}" y1="${top - 4}" y2="${bottom}"/>\
<text class="note" text-anchor="middle" x="${lineX}" y="${top - 8}">${label}</text>`;
}

function renderLevelRow({ label, dots, means }: LevelRow, { x, left }: PlotFrame, y: number): Html {
  const content =
    dots.length + means.length === 0
      ? renderEmptyRowText("no scores", left, y)
      : [
          dots.map((value) => html`<circle class="dot" cx="${formatCoordinate(x(value))}" cy="${y}" r="2.5"/>`),
          means.map(({ kind, title, value }) => renderMarker(kind, [x(value), y], title)),
        ];
  return html`${renderRowLabel(label, left - levelBox.labelGap, y)}\
<line class="rule" x1="${formatCoordinate(left)}" x2="${levelBox.right}" y1="${y}" y2="${y}"/>${content}`;
}

/** Means of groups of languages over the single languages, one row per mixture. */
export function renderLevelPlot(plot: LevelPlot): Html {
  const { width, minLeft, labelGap, right, top } = levelBox;
  const bottom = top + plot.rows.length * plotRowHeight;
  const left = computePlotLeft(
    plot.rows.map(({ label }) => label),
    { minimum: minLeft, gap: labelGap },
  );
  const x = buildLinearScale(plot.axis.domain, [left, right]);
  return renderPicture(plot, { width, height: bottom + plotAxisHeight }, [
    renderValueAxis(plot, { x, left, right, top, bottom }),
    ...(plot.reference === null ? [] : [renderReferenceLine(plot.reference, x, bottom)]),
    ...plot.rows.map((row, index) => renderLevelRow(row, { x, left }, top + (index + 0.5) * plotRowHeight)),
  ]);
}
