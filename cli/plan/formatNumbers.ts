import type { EstimateRange } from "../../jobs/estimate/index.ts";
import type { CellPlan } from "../../jobs/plan/index.ts";

const smallestValue = 0.001;

/** Three significant digits with a thousands separator: `1,234`, `12.3`, `0.0042`; `<0.001` below a thousandth. */
export function formatThreeDigits(value: number): string {
  if (value === 0) return "0";
  if (Math.abs(value) < smallestValue) return `<${String(smallestValue)}`;
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString("en-GB", { minimumFractionDigits: 0, maximumFractionDigits: Math.min(digits, 20) });
}

/** `38.1–53.4`; a single number if both ends have the same text. */
export function formatBand({ low, high }: EstimateRange): string {
  return formatThreeDigits(low) === formatThreeDigits(high)
    ? formatThreeDigits(high)
    : `${formatThreeDigits(low)}–${formatThreeDigits(high)}`;
}

/** `92.1 M` */
export function formatTokenCount(count: number): string {
  return count >= 1e6 ? `${formatThreeDigits(count / 1e6)} M` : formatThreeDigits(count);
}

/** `371 M (247–495)` for an estimate with its range in the unit of the total, `371 M counted` for counted tokens. */
export function formatTokenEstimate({ total, low, high, from }: CellPlan["tokens"]): string {
  const likely = formatTokenCount(total);
  const unit = total >= 1e6 ? 1e6 : 1;
  if (from === "words") return `${likely} (${formatBand({ low: low / unit, high: high / unit })})`;
  return from === "STATS.json" ? `${likely} counted` : likely;
}

/** `1.29 TB`, `128 GB`, `19.1 MB` */
export function formatByteSize(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, count)) / 3)));
  return `${formatThreeDigits(count / 1000 ** power)} ${units[power] ?? ""}`;
}

/** `3.8 h`, `85 min`, `12 s` */
export function formatHours(hours: number): string {
  if (hours >= 1.5) return `${formatThreeDigits(hours)} h`;
  return hours * 60 >= 1.5 ? `${formatThreeDigits(hours * 60)} min` : `${formatThreeDigits(hours * 3600)} s`;
}
