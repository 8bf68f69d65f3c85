import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { formatCoordinate } from "./plotAxis.ts";

/** Marks differ in shape, not only in colour: they can be told apart in grey and by the colour-blind. */
export const markerKinds = ["circle", "diamond", "square", "triangle"] as const;
export type MarkerKind = (typeof markerKinds)[number];

/** Corners around the centre, for a mark as large as a circle of radius 4. */
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

/** A mark at a place; `title` is what a pointer that rests on it shows. */
export function renderMarker(kind: MarkerKind, [x, y]: readonly [number, number], title?: string): Html {
  const label = title === undefined ? null : html`<title>${title}</title>`;
  if (kind === "circle")
    return html`<circle class="mark circle" cx="${formatCoordinate(x)}" cy="${formatCoordinate(y)}" r="4.2">${label}</circle>`;
  const points = markerCorners[kind]
    .map(([dx, dy]) => `${formatCoordinate(x + dx)},${formatCoordinate(y + dy)}`)
    .join(" ");
  return html`<polygon class="mark ${kind}" points="${points}">${label}</polygon>`;
}

/** Says what the marks of a figure mean. */
export function renderLegend(entries: readonly { readonly kind: MarkerKind; readonly text: string }[]): Html {
  return html`<ul class="legend">${entries.map(({ kind, text }) => html`<li><svg aria-hidden="true" viewBox="0 0 14 14" width="14" height="14">${renderMarker(kind, [7, 7])}</svg> ${text}</li>`)}</ul>`;
}
