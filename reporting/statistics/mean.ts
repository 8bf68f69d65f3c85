/** Arithmetic mean; null without values. */
export function computeMean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Change of a mean in percent: (mean(after) / mean(before) - 1) x 100, as in the paper's Table 3, all 72 printed values
 * of which it reproduces. null if there is nothing to compare or the mean before is zero.
 */
export function computeChangePct(before: readonly number[], after: readonly number[]): number | null {
  const [from, to] = [computeMean(before), computeMean(after)];
  return from === null || to === null || from === 0 ? null : (to / from - 1) * 100;
}

/** Standard deviation of a sample (n - 1); null for fewer than two values. */
export function computeStandardDeviation(values: readonly number[]): number | null {
  const mean = computeMean(values);
  if (mean === null || values.length < 2) return null;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
