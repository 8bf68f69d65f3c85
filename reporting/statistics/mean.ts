/** Arithmetic mean; null of nothing. */
export function computeMean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Change of a mean in percent: mean(after) / mean(before) - 1, as in the paper's Table 3 (for which it reproduces all 72
 * printed values). null where there is nothing to compare or the mean before is zero.
 */
export function computeChangePct(before: readonly number[], after: readonly number[]): number | null {
  const [from, to] = [computeMean(before), computeMean(after)];
  return from === null || to === null || from === 0 ? null : (to / from - 1) * 100;
}
