import type { Category } from "../../jobs/matrix/index.ts";
import { hasPrediction } from "../category/predictionRule.ts";

/** Two decimals, as the paper prints BLEU; a dash without a value. */
export function formatDecimal(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : value.toFixed(2);
}

/** A number with its sign, `+1.25` or `−0.50`, and zero without one; a dash without a value. */
export function formatWithSign(value: number | null | undefined, decimals = 2): string {
  if (value === null || value === undefined) return "–";
  const text = Math.abs(value).toFixed(decimals);
  if (Number(text) === 0) return text;
  return `${value < 0 ? "−" : "+"}${text}`;
}

/** `[−3.1, +4.2]` */
export function formatIntervalBounds(
  { low, high }: { readonly low: number; readonly high: number },
  decimals = 1,
): string {
  return `[${formatWithSign(low, decimals)}, ${formatWithSign(high, decimals)}]`;
}

/** `0.031`, `< 0.001`; a dash without a value. */
export function formatPValue(value: number | null): string {
  if (value === null) return "–";
  return value < 0.001 ? "< 0.001" : value.toFixed(3);
}

/** `57 %` from a share of 0 to 1; `100 %` and `0 %` only for shares of exactly 1 and 0. */
export function formatPercentShare(value: number): string {
  const percent = Math.round(value * 100);
  if (percent === 100 && value < 1) return "> 99 %";
  return percent === 0 && value > 0 ? "< 1 %" : `${percent} %`;
}

/** `1 cell`, `2 cells` */
export function formatCountedNoun(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `a`, `a and b`, `a, b and c` */
export function joinWithAnd(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1) ?? ""}`;
}

/** `2026-11-24 06:14 UTC` from an ISO date. */
export function formatMinute(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** The span between two ISO dates, with the day only once if it is the same. */
export function formatTimeSpan(first: string, last: string): string {
  if (formatMinute(first) === formatMinute(last)) return formatMinute(first);
  const sameDay = first.slice(0, 10) === last.slice(0, 10);
  return sameDay
    ? `${first.slice(0, 10)} ${first.slice(11, 16)} to ${last.slice(11, 16)} UTC`
    : `${formatMinute(first)} to ${formatMinute(last)}`;
}

/** `45 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** A category within a sentence: lower case for the study's adjectives, unchanged for an added category's name. */
export function formatCategoryWord({ name, title }: Category): string {
  return hasPrediction(name) ? title.toLowerCase() : title;
}

/** An element id from several texts. */
export function buildElementId(...parts: readonly string[]): string {
  return parts
    .join("-")
    .toLowerCase()
    .replace(/\+/g, "-plus")
    .replace(/[^a-z0-9]+/g, "-");
}
