import { formatDuration } from "../terminal/durationAndBar.ts";

/** One measured figure of the demo, and what it is meant to stay below. */
export interface DemoFigure {
  readonly label: string;
  readonly value: number;
  readonly unit: "s" | "GiB" | "GB";
  readonly aim: number;
}

function formatFigureValue(value: number, unit: DemoFigure["unit"]): string {
  if (Number.isNaN(value)) return "not known";
  if (unit !== "s") return `${value.toFixed(1)} ${unit}`;
  return value < 60 ? `${value.toFixed(1)} s` : formatDuration(value);
}

/** `no-op up             8.2 s   (at most 10.0 s)`; what is above its aim, or was not measured, is said to be. */
export function formatFigureLine({ label: what, value, unit, aim }: DemoFigure): string {
  const verdict = value <= aim ? "" : "   above it"; // no comparison holds for NaN
  return `  ${what.padEnd(38)} ${formatFigureValue(value, unit).padStart(9)}   (at most ${formatFigureValue(aim, unit)})${verdict}`;
}

/** Seconds that the work takes. */
export async function measureSeconds(work: () => Promise<unknown>): Promise<number> {
  const started = Date.now();
  await work();
  return (Date.now() - started) / 1000;
}
