import { renderBar } from "../terminal/durationAndBar.ts";
import type { DataJobState } from "./dataStage.ts";
import { barWidth, stageColors, renderFailures, createPainter, prependBlankLine } from "./grid.ts";
import type { GridFrame, Painter } from "./grid.ts";
import type { GridState } from "./gridState.ts";
import { truncateToWidth, formatFlooredPercent, formatTerseDuration } from "./stageText.ts";

const maxNameWidth = 40;
const columnSeparator = "  ";

/** What a job is at; it waits for data at a path of the store, unless its pod says what keeps it. */
function describeJobStage({ name, detail }: DataJobState): string {
  if (name === "data") return detail;
  if (name === "waiting for data" && detail.startsWith("/")) return `waiting for ${detail}`;
  return detail === "" ? name : `${name}: ${detail}`;
}

/** Bar, percent and time left of one job, and what it is at. */
function renderJobLine(
  state: DataJobState,
  { name, columns, paint }: { name: number; columns: number; paint: Painter },
): string {
  const left = state.stepEta === null ? "" : `~${formatTerseDuration(state.stepEta)}`;
  const numbers = ` ${formatFlooredPercent(100 * state.fraction).padStart(5)} ${left.padEnd(6)}`;
  const head = truncateToWidth(state.job, name).padEnd(name) + columnSeparator;
  const rest = truncateToWidth(numbers + columnSeparator + describeJobStage(state), columns - head.length - barWidth);
  return (
    head +
    paint(
      state.name === "data" ? "cyan" : (stageColors[state.name] ?? "dim"),
      renderBar(state.fraction, barWidth) + rest,
    )
  ).trimEnd();
}

/** The picture of a stack without cells as lines of text: a job each, in the order of submission. */
export function drawJobList({ data, percent }: GridState, { stack, columns, color, notice }: GridFrame): string[] {
  const paint = createPainter(color);
  const name = Math.min(maxNameWidth, Math.max(...data.map(({ job }) => job.length)));
  const done = data.filter((job) => job.name === "done").length;
  return [
    paint("bold", `${stack}: ${done} of ${data.length} jobs done, ${formatFlooredPercent(percent)}`),
    "",
    ...data.map((job) => renderJobLine(job, { name, columns, paint })),
    ...prependBlankLine(
      renderFailures(
        data.map(({ job: id, failure }) => ({ id, failure })),
        { columns, paint },
      ),
    ),
    ...prependBlankLine(notice === null ? [] : [paint("yellow", truncateToWidth(notice, columns))]),
  ];
}
