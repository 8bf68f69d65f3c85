import { renderBar } from "../terminal/durationAndBar.ts";
import { truncateToWidth } from "../terminal/fitToWidth.ts";
import type { DataJobState } from "./dataStage.ts";
import { barWidth, createPainter, prependBlankLine, renderFailures, stageColors } from "./drawGrid.ts";
import type { GridFrame, Painter } from "./drawGrid.ts";
import type { GridState } from "./gridState.ts";
import { formatFlooredPercent, formatTerseDuration } from "./stageText.ts";

const maxNameWidth = 40;
const columnSeparator = "  ";

/** The stage of a job in words; while it waits for data, the path in the store or the obstacle of its pod. */
function describeJobStage({ name, detail }: DataJobState): string {
  if (name === "data") return detail;
  if (name === "waiting for data" && detail.startsWith("/")) return `waiting for ${detail}`;
  return detail === "" ? name : `${name}: ${detail}`;
}

interface ListLayout {
  readonly nameWidth: number;
  readonly columns: number;
  readonly paint: Painter;
}

/** One job's name, bar, percentage, time left and stage. */
function renderJobLine(state: DataJobState, { nameWidth, columns, paint }: ListLayout): string {
  const timeLeft = state.stepEta === null ? "" : `~${formatTerseDuration(state.stepEta)}`;
  const numbers = ` ${formatFlooredPercent(100 * state.fraction).padStart(5)} ${timeLeft.padEnd(6)}`;
  const head = truncateToWidth(state.job, nameWidth).padEnd(nameWidth) + columnSeparator;
  const text = numbers + columnSeparator + describeJobStage(state);
  const tail = renderBar(state.fraction, barWidth) + truncateToWidth(text, columns - head.length - barWidth);
  const color = state.name === "data" ? "cyan" : (stageColors[state.name] ?? "dim");
  return (head + paint(color, tail)).trimEnd();
}

/** The line of each job, in the order of submission. */
export function renderJobLines(
  jobs: readonly DataJobState[],
  { columns, paint }: Pick<ListLayout, "columns" | "paint">,
): string[] {
  const nameWidth = Math.min(maxNameWidth, Math.max(...jobs.map(({ job }) => job.length)));
  return jobs.map((job) => renderJobLine(job, { nameWidth, columns, paint }));
}

/** `corpora: 3 of 12 jobs done, 45 %` */
export function renderJobsHeadLine({ data, percent }: GridState, stack: string): string {
  const doneCount = data.filter(({ name }) => name === "done").length;
  return `${stack}: ${doneCount} of ${data.length} jobs done, ${formatFlooredPercent(percent)}`;
}

/** Draws a stack without cells as lines of text: one job each, in the order of submission. */
export function drawJobList(state: GridState, { stack, columns, color, notice }: GridFrame): string[] {
  const paint = createPainter(color);
  const failures = state.data.map(({ job, failure }) => ({ id: job, failure }));
  return [
    paint("bold", renderJobsHeadLine(state, stack)),
    "",
    ...renderJobLines(state.data, { columns, paint }),
    ...prependBlankLine(renderFailures(failures, { columns, paint })),
    ...prependBlankLine(notice === null ? [] : [paint("yellow", truncateToWidth(notice, columns))]),
  ];
}
