import { formatDuration } from "../terminal/durationAndBar.ts";

/** A measured figure of the demo and its upper limit. */
export interface DemoFigure {
  readonly label: string;
  readonly value: number;
  readonly unit: "s" | "GiB" | "GB";
  readonly aim: number;
}

function formatFigureValue(value: number, unit: DemoFigure["unit"]): string {
  if (Number.isNaN(value)) return "unknown";
  if (unit !== "s") return `${value.toFixed(1)} ${unit}`;
  return value < 60 ? `${value.toFixed(1)} s` : formatDuration(value);
}

/** Formats a line such as `no-op up   8.2 s   (at most 10.0 s)`; a figure above its limit or not measured is marked. */
export function formatFigureLine({ label, value, unit, aim }: DemoFigure): string {
  const mark = value <= aim ? "" : "   not met"; // NaN compares as false
  const formattedValue = formatFigureValue(value, unit).padStart(9);
  return `  ${label.padEnd(38)} ${formattedValue}   (at most ${formatFigureValue(aim, unit)})${mark}`;
}

/** Measures the duration of the work in seconds. */
export async function measureSeconds(work: () => Promise<unknown>): Promise<number> {
  const started = Date.now();
  await work();
  return (Date.now() - started) / 1000;
}
