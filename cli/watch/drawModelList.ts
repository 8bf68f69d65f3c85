import { truncateToWidth } from "../terminal/fitToWidth.ts";
import {
  createPainter,
  prependBlankLine,
  renderBaseLine,
  renderDataLine,
  renderFailures,
  renderHeadLine,
  renderReasons,
} from "./drawGrid.ts";
import type { GridFrame, Painter } from "./drawGrid.ts";
import { computeRowHeadWidth } from "./gridPosition.ts";
import type { GridState } from "./gridState.ts";

const maxNameWidth = 26;

/** The line of each model of an evaluation stack, in the order of its file. */
export function renderModelLines({ bases }: Pick<GridState, "bases">, paint: Painter): string[] {
  const rowHeadWidth = Math.min(maxNameWidth, 2 + Math.max(...bases.map(({ id }) => id.length)));
  return bases.map((base) => renderBaseLine(base, { rowHeadWidth, paint }));
}

/** Draws a stack that evaluates models without training as lines of text, one model each. */
export function drawModelList(state: GridState, { stack, columns, color, notice }: GridFrame): string[] {
  const paint = createPainter(color);
  return [
    paint("bold", renderHeadLine(state, stack)),
    ...(state.data.length === 0
      ? []
      : [renderDataLine(state.data, { columns, rowHeadWidth: computeRowHeadWidth([]) })]),
    "",
    ...renderModelLines(state, paint),
    ...prependBlankLine(renderReasons(state.bases, { columns, paint, stack })),
    ...prependBlankLine(renderFailures(state.bases, { columns, paint })),
    ...prependBlankLine(notice === null ? [] : [paint("yellow", truncateToWidth(notice, columns))]),
  ];
}
