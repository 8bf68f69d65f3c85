import { formatDuration } from "../terminal/durationAndBar.ts";

/** A measured figure of the demo and its upper limit, if it has one. */
export interface DemoFigure {
  readonly label: string;
  readonly value: number;
  readonly unit: "s" | "GiB" | "GB";
  readonly aim?: number;
}

function formatFigureValue(value: number, unit: DemoFigure["unit"]): string {
  if (Number.isNaN(value)) return "unknown";
  if (unit !== "s") return `${value.toFixed(1)} ${unit}`;
  return value < 60 ? `${value.toFixed(1)} s` : formatDuration(value);
}

/** Formats a line such as `no-op up   8.2 s   (at most 10.0 s)`; a figure above its limit or not measured is marked. */
export function formatFigureLine({ label, value, unit, aim }: DemoFigure): string {
  const line = `  ${label.padEnd(38)} ${formatFigureValue(value, unit).padStart(9)}`;
  if (aim === undefined) return line;
  const mark = value <= aim ? "" : "   not met"; // NaN compares as false
  return `${line}   (at most ${formatFigureValue(aim, unit)})${mark}`;
}

/** Measures the duration of the work in seconds. */
export async function measureSeconds(work: () => Promise<unknown>): Promise<number> {
  const started = Date.now();
  await work();
  return (Date.now() - started) / 1000;
}
