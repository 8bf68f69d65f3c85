import { renderBar } from "../terminal/durationAndBar.ts";
import { truncateToWidth } from "../terminal/fitToWidth.ts";
import { formatCount } from "../terminal/formatList.ts";
import {
  columnGap,
  computeCellWidth,
  createPainter,
  drawGrid,
  findCellAt,
  prependBlankLine,
  renderBaseLine,
  renderFailures,
  renderHeadLine,
  renderReasons,
  selectCellColor,
} from "./drawGrid.ts";
import type { GridFrame, Painter } from "./drawGrid.ts";
import { drawJobList, renderJobLines, renderJobsHeadLine } from "./drawJobList.ts";
import { drawModelList, renderModelLines } from "./drawModelList.ts";
import { collectGridAxes, computeRowHeadWidth, formatRowHead, getColumnTitle } from "./gridPosition.ts";
import type { CellState } from "./gridState.ts";
import type { StackState } from "./stackState.ts";
import { formatFlooredPercent, formatRoughDuration } from "./stageText.ts";

export type StacksFrame = Omit<GridFrame, "stack">;

interface StacksLayout extends StacksFrame {
  readonly rowHeadWidth: number;
  readonly categories: readonly string[];
  readonly width: number;
  readonly paint: Painter;
}

/** Cells have one line here, so that the stacks of the study fit on a screen. */
const shortBarWidth = 5;

function renderShortCell(cell: CellState | undefined, { width, paint }: StacksLayout): string {
  if (cell === undefined) return " ".repeat(width);
  const stage = cell.name === "failed" ? `failed: ${cell.step}` : (cell.reason?.summary ?? cell.name);
  const numbers = formatFlooredPercent(cell.percent).padStart(5);
  const text = `${renderBar(cell.percent / 100, shortBarWidth)} ${numbers} ${stage}`;
  return paint(selectCellColor(cell), truncateToWidth(text, width).padEnd(width));
}

function renderCellRows({ stack, state }: StackState, layout: StacksLayout): string[] {
  const { rowHeadWidth, categories, paint } = layout;
  const { rows } = collectGridAxes(state.cells.map(({ id }) => id));
  const lines = rows
    .map((data) => ({ data, cells: categories.map((category) => findCellAt(state.cells, data, category)) }))
    .filter(({ cells }) => cells.some((cell) => cell !== undefined));
  return [
    paint("bold", renderHeadLine(state, stack)),
    ...lines.map(({ data, cells }) => {
      const blocks = cells.map((cell) => renderShortCell(cell, layout)).join(" ".repeat(columnGap));
      return (formatRowHead(data, rowHeadWidth) + blocks).trimEnd();
    }),
    ...state.bases.map((base) => renderBaseLine(base, layout)),
  ];
}

function renderStackLines(watched: StackState, layout: StacksLayout): string[] {
  if (watched.state.cells.length > 0) return renderCellRows(watched, layout);
  const { paint, columns } = layout;
  if (watched.state.bases.length > 0)
    return [paint("bold", renderHeadLine(watched.state, watched.stack)), ...renderModelLines(watched.state, paint)];
  return [
    paint("bold", renderJobsHeadLine(watched.state, watched.stack)),
    ...renderJobLines(
      watched.state.data.filter(({ name }) => name !== "done"),
      { columns, paint },
    ),
  ];
}

/** True for a stack that only prepares data. */
function hasOnlyJobs({ state: { cells, bases } }: StackState): boolean {
  return cells.length + bases.length === 0;
}

/** Counts what is done in all stacks: `4 stacks: 12 of 36 cells and 3 of 12 jobs done, 45 %, about 3 h left` */
function renderTotalsLine(states: readonly StackState[]): string {
  const cells = states.flatMap(({ state }) => state.cells);
  const models = states.flatMap(({ state }) => (state.cells.length === 0 ? state.bases : []));
  const jobs = states.flatMap((watched) => (hasOnlyJobs(watched) ? watched.state.data : []));
  const countDone = (stages: readonly { name: string }[]) => stages.filter(({ name }) => name === "done").length;
  const counts = [
    ...(cells.length === 0 ? [] : [`${String(countDone(cells))} of ${formatCount(cells.length, "cell")}`]),
    ...(models.length === 0 ? [] : [`${String(countDone(models))} of ${formatCount(models.length, "model")}`]),
    ...(jobs.length === 0 ? [] : [`${String(countDone(jobs))} of ${formatCount(jobs.length, "job")}`]),
  ];
  const percents = [
    ...[...cells, ...models].map(({ percent }) => percent),
    ...jobs.map(({ fraction }) => 100 * fraction),
  ];
  const percent = percents.reduce((sum, one) => sum + one, 0) / Math.max(1, percents.length);
  const eta = Math.max(0, ...states.map(({ state }) => state.eta ?? 0));
  const timeLeft = eta === 0 ? "" : `, about ${formatRoughDuration(eta)} left`;
  const head = formatCount(states.length, "stack");
  return `${head}: ${counts.join(" and ")} done, ${formatFlooredPercent(percent)}${timeLeft}`;
}

function drawSeveral(states: readonly StackState[], frame: StacksFrame): string[] {
  const { columns, color, notice } = frame;
  const paint = createPainter(color);
  const cells = states.flatMap(({ state }) => state.cells);
  const { rows, columns: categories } = collectGridAxes(cells.map(({ id }) => id));
  const rowHeadWidth = computeRowHeadWidth(rows);
  const width = computeCellWidth(columns, categories.length, rowHeadWidth);
  const layout = { ...frame, rowHeadWidth, categories, width, paint };
  const heads = categories.map((category) => getColumnTitle(category).padEnd(width)).join(" ".repeat(columnGap));
  const subjects = states.flatMap((watched) => [
    ...watched.state.bases,
    ...watched.state.cells,
    ...(hasOnlyJobs(watched) ? watched.state.data.map((job) => ({ ...job, id: job.job })) : []),
  ]);
  return [
    paint("bold", truncateToWidth(renderTotalsLine(states), columns)),
    ...(cells.length === 0 ? [] : ["", paint("dim", (" ".repeat(rowHeadWidth) + heads).trimEnd())]),
    ...states.flatMap((watched) => renderStackLines(watched, layout)),
    ...prependBlankLine(
      states.flatMap(({ stack, state }) => renderReasons([...state.bases, ...state.cells], { columns, paint, stack })),
    ),
    ...prependBlankLine(renderFailures(subjects, { columns, paint })),
    ...prependBlankLine(notice === null ? [] : [paint("yellow", truncateToWidth(notice, columns))]),
  ];
}

function selectDrawing(watched: StackState): typeof drawGrid {
  if (hasOnlyJobs(watched)) return drawJobList;
  return watched.state.cells.length === 0 ? drawModelList : drawGrid;
}

/** Draws stacks as lines of text: one stack as a grid or a list, several as one grid with their totals. */
export function drawStacks(states: readonly StackState[], frame: StacksFrame): string[] {
  const [first, ...others] = states;
  if (first === undefined) return frame.notice === null ? [] : [frame.notice];
  if (others.length > 0) return drawSeveral(states, frame);
  return selectDrawing(first)(first.state, { ...frame, stack: first.stack });
}
