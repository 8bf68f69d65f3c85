import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { formatCoordinate } from "./plotAxis.ts";

/** Marks differ in shape, not only in color, so that they are distinguishable in gray and by color-blind readers. */
export type MarkerKind = "circle" | "diamond" | "square" | "triangle";

/** Corners around the center, for a mark as large as a circle of radius 4. */
const markerCorners: Readonly<Record<Exclude<MarkerKind, "circle">, readonly (readonly [number, number])[]>> = {
  diamond: [
    [0, -5.2],
    [5.2, 0],
    [0, 5.2],
    [-5.2, 0],
  ],
  square: [
    [-3.6, -3.6],
    [3.6, -3.6],
    [3.6, 3.6],
    [-3.6, 3.6],
  ],
  triangle: [
    [0, -5],
    [4.8, 3.6],
    [-4.8, 3.6],
  ],
};

/** A mark at a position; `title` is its tooltip. */
export function renderMarker(kind: MarkerKind, [x, y]: readonly [number, number], title?: string): Html {
  const label = title === undefined ? null : html`<title>${title}</title>`;
  if (kind === "circle") {
    const [cx, cy] = [x, y].map(formatCoordinate);
    return html`<circle class="mark circle" cx="${cx}" cy="${cy}" r="4.2">${label}</circle>`;
  }
  const points = markerCorners[kind]
    .map(([dx, dy]) => `${formatCoordinate(x + dx)},${formatCoordinate(y + dy)}`)
    .join(" ");
  return html`<polygon class="mark ${kind}" points="${points}">${label}</polygon>`;
}

/** Explains the marks of a figure. */
export function renderLegend(entries: readonly { readonly kind: MarkerKind; readonly text: string }[]): Html {
  const items = entries.map(
    ({ kind, text }) => html`<li><svg aria-hidden="true" viewBox="0 0 14 14" width="14" height="14">\
${renderMarker(kind, [7, 7])}</svg> ${text}</li>`,
  );
  return html`<ul class="legend">${items}</ul>`;
}
