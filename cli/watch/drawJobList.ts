import { renderBar } from "../terminal/durationAndBar.ts";
import type { DataJobState } from "./dataStage.ts";
import { barWidth, createPainter, prependBlankLine, renderFailures, stageColors } from "./drawGrid.ts";
import type { GridFrame, Painter } from "./drawGrid.ts";
import type { GridState } from "./gridState.ts";
import { formatFlooredPercent, formatTerseDuration, truncateToWidth } from "./stageText.ts";

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

/** Draws a stack without cells as lines of text: one job each, in the order of submission. */
export function drawJobList({ data, percent }: GridState, { stack, columns, color, notice }: GridFrame): string[] {
  const paint = createPainter(color);
  const nameWidth = Math.min(maxNameWidth, Math.max(...data.map(({ job }) => job.length)));
  const doneCount = data.filter(({ name }) => name === "done").length;
  const failures = data.map(({ job, failure }) => ({ id: job, failure }));
  return [
    paint("bold", `${stack}: ${doneCount} of ${data.length} jobs done, ${formatFlooredPercent(percent)}`),
    "",
    ...data.map((job) => renderJobLine(job, { nameWidth, columns, paint })),
    ...prependBlankLine(renderFailures(failures, { columns, paint })),
    ...prependBlankLine(notice === null ? [] : [paint("yellow", truncateToWidth(notice, columns))]),
  ];
}
