import { z } from "zod";

/** The two ends of an estimate. */
export const rangeSchema = z.strictObject({ low: z.number(), high: z.number() });

/** Rounds to six significant digits: an estimate has no more, and differences in rounding must not show as changes. */
export function roundToSixDigits(value: number): number {
  return Number(value.toPrecision(6));
}

/** Rounds both ends of a range. */
export function roundRange({ low, high }: { low: number; high: number }) {
  return { low: roundToSixDigits(low), high: roundToSixDigits(high) };
}
