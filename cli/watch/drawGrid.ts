import { styleText } from "node:util";
import { renderBar } from "../terminal/durationAndBar.ts";
import { truncateToWidth } from "../terminal/fitToWidth.ts";
import type { StageName } from "./cellStage.ts";
import type { DataJobState } from "./dataStage.ts";
import { collectGridAxes, computeRowHeadWidth, formatRowHead, getColumnTitle, gridPosition } from "./gridPosition.ts";
import type { CellState, GridState } from "./gridState.ts";
import { formatFlooredPercent, formatRoughDuration, formatTerseDuration, formatTerseStage } from "./stageText.ts";
import { formatFailure } from "./workloadFailure.ts";

export interface GridFrame {
  readonly stack: string;
  /** Columns of the terminal. */
  readonly columns: number;
  readonly color: boolean;
  /** A temporary line, such as "Reconnecting"; null for none. */
  readonly notice: string | null;
}

type StageColor = "green" | "red" | "yellow" | "cyan" | "dim" | "bold";
/** Colors a text, or returns it unchanged if the output has no colors. */
export type Painter = (color: StageColor, text: string) => string;

export function createPainter(color: boolean): Painter {
  return (stageColor, text) => (color ? styleText(stageColor, text, { validateStream: false }) : text);
}

export const stageColors: Partial<Record<StageName, StageColor>> = {
  done: "green",
  failed: "red",
  queued: "yellow",
  train: "cyan",
  evaluate: "cyan",
  publish: "cyan",
};

export const columnGap = 2;
const minCellWidth = 16;
const maxCellWidth = 26;
export const barWidth = 10;

/** The width of a cell beside the names of rows, in a grid with a count of cells in each row. */
export function computeCellWidth(columns: number, count: number, rowHeadWidth: number): number {
  return Math.max(
    minCellWidth,
    Math.min(maxCellWidth, Math.floor((columns - rowHeadWidth + columnGap) / count) - columnGap),
  );
}

/** The color of a cell: that of its stage, or of a warning if something blocks it. */
export function selectCellColor({ name, reason }: CellState): StageColor {
  return reason === null ? (stageColors[name] ?? "dim") : "yellow";
}

/** The two lines of one cell: the bar with percentage and time left, and the stage. */
function renderCellLines(cell: CellState | undefined, width: number, paint: Painter): [string, string] {
  if (cell === undefined) return [" ".repeat(width), " ".repeat(width)];
  const hasEnded = cell.name === "done" || cell.name === "failed";
  const timeLeft = cell.eta === null || hasEnded ? "" : `~${formatTerseDuration(cell.eta)}`;
  const numbers = ` ${formatFlooredPercent(cell.percent).padStart(5)} ${timeLeft}`;
  const color = selectCellColor(cell);
  const bar = paint(color, renderBar(cell.percent / 100, barWidth));
  const stage = truncateToWidth(formatTerseStage(cell), width).padEnd(width);
  return [bar + truncateToWidth(numbers, width - barWidth).padEnd(width - barWidth), paint(color, stage)];
}

export function findCellAt(cells: readonly CellState[], data: string, category: string): CellState | undefined {
  return cells.find(({ id }) => {
    const position = gridPosition(id);
    return position.data === data && position.category === category;
  });
}

interface GridLayout {
  readonly rowHeadWidth: number;
  readonly categories: readonly string[];
  readonly width: number;
  readonly paint: Painter;
}

function renderRowLines(
  cells: readonly CellState[],
  data: string,
  { rowHeadWidth, categories, width, paint }: GridLayout,
): string[] {
  const blocks = categories.map((category) => renderCellLines(findCellAt(cells, data, category), width, paint));
  const joinCellLines = (index: 0 | 1): string => blocks.map((lines) => lines[index]).join(" ".repeat(columnGap));
  return [formatRowHead(data, rowHeadWidth) + joinCellLines(0), " ".repeat(rowHeadWidth) + joinCellLines(1)].map(
    (line) => line.trimEnd(),
  );
}

/** The one line of a model that is not trained, which has no position in the matrix. */
export function renderBaseLine(
  base: CellState,
  { rowHeadWidth, paint }: Pick<GridLayout, "rowHeadWidth" | "paint">,
): string {
  const [bar, stage] = renderCellLines(base, maxCellWidth, paint);
  const head = formatRowHead(base.id, rowHeadWidth);
  return `${head}${bar}${" ".repeat(columnGap)}${stage}`.trimEnd();
}

export function renderDataLine(
  jobs: readonly DataJobState[],
  { columns, rowHeadWidth }: { columns: number; rowHeadWidth: number },
): string {
  const open = jobs.filter(({ name }) => name !== "done");
  const head = `${"Data".padEnd(rowHeadWidth)}${jobs.length - open.length}/${jobs.length} done`;
  const stages = open.map(
    ({ job, name, fraction }) => `${job} ${name === "data" ? formatFlooredPercent(fraction * 100) : name}`,
  );
  return truncateToWidth([head, ...stages].join(", "), columns);
}

/** The reason why each cell failed, and the command that shows more. Cells with the same command share an entry. */
export function renderFailures(
  cells: readonly Pick<CellState, "id" | "failure">[],
  { columns, paint }: { columns: number; paint: Painter },
): string[] {
  const failedCells = cells.filter(({ failure }) => failure !== null);
  const groups = Map.groupBy(failedCells, ({ failure }) => failure?.command);
  return [...groups.values()].flatMap((group) => {
    const failure = group[0]?.failure;
    if (!failure) return [];
    const ids = group.map(({ id }) => id).join(", ");
    return [
      paint("red", truncateToWidth(ids, columns)),
      truncateToWidth(`  ${formatFailure(failure)}`, columns),
      `  more: ${failure.command}`,
    ];
  });
}

/** The reasons that block cells, in full, and the command that tells more. Cells with the same reason share a line. */
export function renderReasons(
  cells: readonly CellState[],
  { columns, paint, stack }: { columns: number; paint: Painter; stack: string },
): string[] {
  const blockedCells = cells.filter(({ reason }) => reason !== null);
  const groups = Map.groupBy(blockedCells, ({ reason }) => reason?.summary ?? "");
  const lines = [...groups].map(([summary, group]) => `${summary} (${group.map(({ id }) => id).join(", ")})`);
  return [
    ...lines.map((line) => paint("yellow", truncateToWidth(line, columns))),
    ...blockedCells.slice(0, 1).map(({ id }) => `  more: ./mixcpt explain ${stack} ${id}`),
  ];
}

export function renderHeadLine({ cells, bases, percent, eta }: GridState, stack: string): string {
  const products = cells.length > 0 ? cells : bases;
  const doneCount = products.filter(({ name }) => name === "done").length;
  const timeLeft = eta === null ? "" : `, about ${formatRoughDuration(eta)} left`;
  const noun = cells.length > 0 ? "cells" : "models";
  return `${stack}: ${doneCount} of ${products.length} ${noun} done, ${formatFlooredPercent(percent)}${timeLeft}`;
}

export function prependBlankLine(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", ...lines];
}

/** Draws a stack as lines of text: one row per data mixture, one column per category. */
export function drawGrid(state: GridState, { stack, columns, color, notice }: GridFrame): string[] {
  const paint = createPainter(color);
  const axes = collectGridAxes(state.cells.map(({ id }) => id));
  const rowHeadWidth = computeRowHeadWidth(axes.rows);
  const width = computeCellWidth(columns, axes.columns.length, rowHeadWidth);
  const layout = { rowHeadWidth, categories: axes.columns, width, paint };
  const heads = axes.columns.map((category) => getColumnTitle(category).padEnd(width)).join(" ".repeat(columnGap));
  return [
    paint("bold", renderHeadLine(state, stack)),
    ...(state.data.length === 0 ? [] : [renderDataLine(state.data, { columns, rowHeadWidth })]),
    "",
    paint("dim", (" ".repeat(rowHeadWidth) + heads).trimEnd()),
    ...axes.rows.flatMap((data) => renderRowLines(state.cells, data, layout)),
    ...state.bases.map((base) => renderBaseLine(base, layout)),
    ...prependBlankLine(renderReasons([...state.bases, ...state.cells], { columns, paint, stack })),
    ...prependBlankLine(renderFailures([...state.bases, ...state.cells], { columns, paint })),
    ...prependBlankLine(notice === null ? [] : [paint("yellow", truncateToWidth(notice, columns))]),
  ];
}
