import type { CellState } from "./gridState.ts";

/** `45 s`, `3 min`, `1 h 20 min` */
export function formatRoughDuration(seconds: number): string {
  if (seconds < 55) return `${Math.max(5, Math.round(seconds / 5) * 5)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The short form for a narrow column: `45s`, `3m`, `1h20m` */
export function formatTerseDuration(seconds: number): string {
  return formatRoughDuration(seconds).replace("min", "m").replaceAll(" ", "");
}

/** The percentage rounded down, so that 100 % means done. */
export function formatFlooredPercent(percent: number): string {
  return `${Math.floor(percent)} %`;
}

/** Stages with a percentage. */
const measuredStages = ["data", "train", "evaluate"];

/** The stage in words, such as `train 45 %` or `evaluate sib200 20 %`. */
export function formatStage({ name, detail, fraction }: CellState): string {
  if (name === "evaluate") return `evaluate ${detail} ${formatFlooredPercent(fraction * 100)}`;
  if (measuredStages.includes(name)) return `${name} ${formatFlooredPercent(fraction * 100)}`;
  return name;
}

/** The short form for a narrow column: the reason that blocks the cell, and a benchmark without the verb. */
export function formatTerseStage(cell: CellState): string {
  if (cell.name === "failed") return `failed: ${cell.step}`;
  if (cell.reason !== null) return cell.reason.summary;
  return formatStage(cell).replace(/^evaluate /, "");
}
