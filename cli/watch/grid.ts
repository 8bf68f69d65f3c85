import { styleText } from "node:util";
import { renderBar } from "../terminal/durationAndBar.ts";
import type { DataJobState } from "./dataStage.ts";
import { formatFailure } from "./workloadFailure.ts";
import type { CellState, GridState } from "./gridState.ts";
import { collectGridAxes, getColumnTitle, gridPosition } from "./gridPosition.ts";
import type { StageName } from "./cellStage.ts";
import {
  truncateToWidth,
  formatFlooredPercent,
  formatRoughDuration,
  formatTerseDuration,
  formatTerseStage,
} from "./stageText.ts";

/** What surrounds the grid. */
export interface GridFrame {
  readonly stack: string;
  /** Columns of the terminal. */
  readonly columns: number;
  readonly color: boolean;
  /** A line for now, such as "reconnecting"; null for none. */
  readonly notice: string | null;
}

type StageColor = "green" | "red" | "yellow" | "cyan" | "dim" | "bold";
export type Painter = (color: StageColor, text: string) => string;

export function createPainter(color: boolean): Painter {
  return (style, text) => (color ? styleText(style, text, { validateStream: false }) : text);
}

export const stageColors: Partial<Record<StageName, StageColor>> = {
  done: "green",
  failed: "red",
  queued: "yellow",
  train: "cyan",
  evaluate: "cyan",
  publish: "cyan",
};

const rowHeadWidth = 10;
const columnGap = 2;
const maxCellWidth = 26;
export const barWidth = 10;

function computeCellWidth(columns: number, count: number): number {
  return Math.max(16, Math.min(maxCellWidth, Math.floor((columns - rowHeadWidth + columnGap) / count) - columnGap));
}

/** The two lines of one cell: bar with percent and time left; stage. */
function renderCellLines(cell: CellState | undefined, width: number, paint: Painter): [string, string] {
  if (cell === undefined) return [" ".repeat(width), " ".repeat(width)];
  const eta =
    cell.eta === null || cell.name === "done" || cell.name === "failed" ? "" : `~${formatTerseDuration(cell.eta)}`;
  const numbers = ` ${formatFlooredPercent(cell.percent).padStart(5)} ${eta}`;
  const color = stageColors[cell.name] ?? "dim";
  const first =
    paint(color, renderBar(cell.percent / 100, barWidth)) +
    truncateToWidth(numbers, width - barWidth).padEnd(width - barWidth);
  return [first, paint(color, truncateToWidth(formatTerseStage(cell), width).padEnd(width))];
}

function findCellAt(cells: readonly CellState[], data: string, category: string): CellState | undefined {
  return cells.find(({ id }) => {
    const place = gridPosition(id);
    return place.data === data && place.category === category;
  });
}

interface GridLayout {
  readonly categories: readonly string[];
  readonly width: number;
  readonly paint: Painter;
}

function renderRowLines(cells: readonly CellState[], data: string, { categories, width, paint }: GridLayout): string[] {
  const drawn = categories.map((category) => renderCellLines(findCellAt(cells, data, category), width, paint));
  const joinCellLines = (index: 0 | 1): string => drawn.map((lines) => lines[index]).join(" ".repeat(columnGap));
  return [data.padEnd(rowHeadWidth) + joinCellLines(0), " ".repeat(rowHeadWidth) + joinCellLines(1)].map((one) =>
    one.trimEnd(),
  );
}

/** A base model has one line: it has no place in the matrix. */
function renderBaseLine(base: CellState, paint: Painter): string {
  const [first, second] = renderCellLines(base, maxCellWidth, paint);
  return `${truncateToWidth(base.id, rowHeadWidth - 1).padEnd(rowHeadWidth)}${first}${" ".repeat(columnGap)}${second}`.trimEnd();
}

function renderDataLine(jobs: readonly DataJobState[], columns: number): string {
  const done = jobs.filter(({ name }) => name === "done").length;
  const open = jobs
    .filter(({ name }) => name !== "done")
    .map(({ job, name, fraction }) => `${job} ${name === "data" ? formatFlooredPercent(fraction * 100) : name}`);
  return truncateToWidth([`${"Data".padEnd(rowHeadWidth)}${done}/${jobs.length} done`, ...open].join(", "), columns);
}

/** Why a cell failed, and how to see more; cells that failed for the same reason share it. */
export function renderFailures(
  cells: readonly Pick<CellState, "id" | "failure">[],
  { columns, paint }: { columns: number; paint: Painter },
): string[] {
  return [
    ...Map.groupBy(
      cells.filter(({ failure }) => failure !== null),
      ({ failure }) => failure?.command,
    ).values(),
  ].flatMap((group) => {
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

function renderHeadLine({ cells, percent, eta }: GridState, stack: string): string {
  const done = cells.filter(({ name }) => name === "done").length;
  const left = eta === null ? "" : `, about ${formatRoughDuration(eta)} left`;
  return `${stack}: ${done} of ${cells.length} cells done, ${formatFlooredPercent(percent)}${left}`;
}

export function prependBlankLine(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", ...lines];
}

/** The whole picture as lines of text: a row per data mixture, a column per category. */
export function drawGrid(state: GridState, { stack, columns, color, notice }: GridFrame): string[] {
  const paint = createPainter(color);
  const axes = collectGridAxes(state.cells.map(({ id }) => id));
  const width = computeCellWidth(columns, axes.columns.length);
  const heads = axes.columns.map((category) => getColumnTitle(category).padEnd(width)).join(" ".repeat(columnGap));
  return [
    paint("bold", renderHeadLine(state, stack)),
    ...(state.data.length === 0 ? [] : [renderDataLine(state.data, columns)]),
    "",
    paint("dim", (" ".repeat(rowHeadWidth) + heads).trimEnd()),
    ...axes.rows.flatMap((data) => renderRowLines(state.cells, data, { categories: axes.columns, width, paint })),
    ...state.bases.map((base) => renderBaseLine(base, paint)),
    ...prependBlankLine(renderFailures([...state.bases, ...state.cells], { columns, paint })),
    ...prependBlankLine(notice === null ? [] : [paint("yellow", truncateToWidth(notice, columns))]),
  ];
}
