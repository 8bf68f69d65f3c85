import { styleText } from "node:util";
import { bar } from "../terminal/clock.ts";
import type { DataJobState } from "./dataStage.ts";
import { failureText } from "./failure.ts";
import type { CellState, GridState } from "./gridState.ts";
import { axesOf, columnTitle, placeOf } from "./places.ts";
import type { StageName } from "./stage.ts";
import { fit, percentText, rough, terse, terseStage } from "./text.ts";

/** What surrounds the grid. */
export interface Frame {
  readonly stack: string;
  /** Columns of the terminal. */
  readonly columns: number;
  readonly color: boolean;
  /** A line for now, such as "reconnecting"; null for none. */
  readonly notice: string | null;
}

type Color = "green" | "red" | "yellow" | "cyan" | "dim" | "bold";
export type Paint = (color: Color, text: string) => string;

export const painter = (color: boolean): Paint => (style, text) => (color ? styleText(style, text, { validateStream: false }) : text);

export const colors: Partial<Record<StageName, Color>> = { done: "green", failed: "red", queued: "yellow", train: "cyan", evaluate: "cyan", publish: "cyan" };

const rowHead = 10;
const gap = 2;
const widest = 26;
export const barWidth = 10;

const cellWidth = (columns: number, count: number): number => Math.max(16, Math.min(widest, Math.floor((columns - rowHead + gap) / count) - gap));

/** The two lines of one cell: bar with percent and time left; stage. */
const cellLines = (cell: CellState | undefined, width: number, paint: Paint): [string, string] => {
  if (cell === undefined) return [" ".repeat(width), " ".repeat(width)];
  const eta = cell.eta === null || cell.name === "done" || cell.name === "failed" ? "" : `~${terse(cell.eta)}`;
  const numbers = ` ${percentText(cell.percent).padStart(5)} ${eta}`;
  const color = colors[cell.name] ?? "dim";
  const first = paint(color, bar(cell.percent / 100, barWidth)) + fit(numbers, width - barWidth).padEnd(width - barWidth);
  return [first, paint(color, fit(terseStage(cell), width).padEnd(width))];
};

const at = (cells: readonly CellState[], data: string, category: string): CellState | undefined =>
  cells.find(({ id }) => {
    const place = placeOf(id);
    return place.data === data && place.category === category;
  });

interface Table {
  categories: readonly string[];
  width: number;
  paint: Paint;
}

const rowLines = (cells: readonly CellState[], data: string, { categories, width, paint }: Table): string[] => {
  const drawn = categories.map((category) => cellLines(at(cells, data, category), width, paint));
  const line = (index: 0 | 1): string => drawn.map((lines) => lines[index]).join(" ".repeat(gap));
  return [data.padEnd(rowHead) + line(0), " ".repeat(rowHead) + line(1)].map((one) => one.trimEnd());
};

/** A base model has one line: it has no place in the matrix. */
const baseLine = (base: CellState, paint: Paint): string => {
  const [first, second] = cellLines(base, widest, paint);
  return `${fit(base.id, rowHead - 1).padEnd(rowHead)}${first}${" ".repeat(gap)}${second}`.trimEnd();
};

const dataLine = (jobs: readonly DataJobState[], columns: number): string => {
  const done = jobs.filter(({ name }) => name === "done").length;
  const open = jobs.filter(({ name }) => name !== "done").map(({ job, name, fraction }) => `${job} ${name === "data" ? percentText(fraction * 100) : name}`);
  return fit([`${"Data".padEnd(rowHead)}${done}/${jobs.length} done`, ...open].join(", "), columns);
};

/** Why a cell failed, and how to see more; cells that failed for the same reason share it. */
export const failureLines = (cells: readonly Pick<CellState, "id" | "failure">[], { columns, paint }: { columns: number; paint: Paint }): string[] =>
  [...Map.groupBy(cells.filter(({ failure }) => failure !== null), ({ failure }) => failure?.command).values()].flatMap((group) => {
    const failure = group[0]?.failure;
    if (!failure) return [];
    const ids = group.map(({ id }) => id).join(", ");
    return [paint("red", fit(ids, columns)), fit(`  ${failureText(failure)}`, columns), `  more: ${failure.command}`];
  });

const headLine = ({ cells, percent, eta }: GridState, stack: string): string => {
  const done = cells.filter(({ name }) => name === "done").length;
  const left = eta === null ? "" : `, about ${rough(eta)} left`;
  return `${stack}: ${done} of ${cells.length} cells done, ${percentText(percent)}${left}`;
};

export const spaced = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ["", ...lines]);

/** The whole picture as lines of text: a row per data mixture, a column per category. */
export const drawGrid = (state: GridState, { stack, columns, color, notice }: Frame): string[] => {
  const paint = painter(color);
  const axes = axesOf(state.cells.map(({ id }) => id));
  const width = cellWidth(columns, axes.columns.length);
  const heads = axes.columns.map((category) => columnTitle(category).padEnd(width)).join(" ".repeat(gap));
  return [
    paint("bold", headLine(state, stack)),
    ...(state.data.length === 0 ? [] : [dataLine(state.data, columns)]),
    "",
    paint("dim", (" ".repeat(rowHead) + heads).trimEnd()),
    ...axes.rows.flatMap((data) => rowLines(state.cells, data, { categories: axes.columns, width, paint })),
    ...state.bases.map((base) => baseLine(base, paint)),
    ...spaced(failureLines([...state.bases, ...state.cells], { columns, paint })),
    ...spaced(notice === null ? [] : [paint("yellow", fit(notice, columns))]),
  ];
};
