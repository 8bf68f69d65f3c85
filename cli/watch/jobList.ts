import { bar } from "../terminal/clock.ts";
import type { DataJobState } from "./dataStage.ts";
import { barWidth, colors, failureLines, painter, spaced, type Frame, type Paint } from "./grid.ts";
import type { GridState } from "./gridState.ts";
import { fit, percentText, terse } from "./text.ts";

const widestName = 40;
const gap = "  ";

/** What a job is at; it waits for data at a path of the store, unless its pod says what keeps it. */
const words = ({ name, detail }: DataJobState): string => {
  if (name === "data") return detail;
  if (name === "waiting for data" && detail.startsWith("/")) return `waiting for ${detail}`;
  return detail === "" ? name : `${name}: ${detail}`;
};

/** Bar, percent and time left of one job, and what it is at. */
const jobLine = (state: DataJobState, { name, columns, paint }: { name: number; columns: number; paint: Paint }): string => {
  const left = state.stepEta === null ? "" : `~${terse(state.stepEta)}`;
  const numbers = ` ${percentText(100 * state.fraction).padStart(5)} ${left.padEnd(6)}`;
  const head = fit(state.job, name).padEnd(name) + gap;
  const rest = fit(numbers + gap + words(state), columns - head.length - barWidth);
  return (head + paint(state.name === "data" ? "cyan" : (colors[state.name] ?? "dim"), bar(state.fraction, barWidth) + rest)).trimEnd();
};

/** The picture of a stack without cells as lines of text: a job each, in the order of submission. */
export const drawJobs = ({ data, percent }: GridState, { stack, columns, color, notice }: Frame): string[] => {
  const paint = painter(color);
  const name = Math.min(widestName, Math.max(...data.map(({ job }) => job.length)));
  const done = data.filter((job) => job.name === "done").length;
  return [
    paint("bold", `${stack}: ${done} of ${data.length} jobs done, ${percentText(percent)}`),
    "",
    ...data.map((job) => jobLine(job, { name, columns, paint })),
    ...spaced(failureLines(data.map(({ job: id, failure }) => ({ id, failure })), { columns, paint })),
    ...spaced(notice === null ? [] : [paint("yellow", fit(notice, columns))]),
  ];
};
