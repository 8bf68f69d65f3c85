import type { Band } from "../../jobs/plan/index.ts";

const least = 0.001;

/** Three significant digits, thousands apart: `1,234`, `12.3`, `0.0042`; what is less than a thousandth says so. */
export function short(value: number): string {
  if (value === 0) return "0";
  if (Math.abs(value) < least) return `<${String(least)}`;
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString("en-GB", { minimumFractionDigits: 0, maximumFractionDigits: Math.min(digits, 20) });
}

/** `38.1–53.4`; once where both ends read alike */
export function range({ low, high }: Band): string {
  return short(low) === short(high) ? short(high) : `${short(low)}–${short(high)}`;
}

/** `92.1 M` */
export function tokens(count: number): string {
  return count >= 1e6 ? `${short(count / 1e6)} M` : short(count);
}

/** `1.29 TB`, `128 GB`, `19.1 MB` */
export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, count)) / 3)));
  return `${short(count / 1000 ** power)} ${units[power] ?? ""}`;
}

/** `3.8 h`, `85 min`, `12 s` */
export function duration(hours: number): string {
  if (hours >= 1.5) return `${short(hours)} h`;
  return hours * 60 >= 1.5 ? `${short(hours * 60)} min` : `${short(hours * 3600)} s`;
}
