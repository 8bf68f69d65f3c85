/** Share of families of tests with any wrong positive that is accepted. */
export const significanceLevel = 0.05;

/**
 * p-values adjusted for their number by Holm's step-down method (Scandinavian Journal of Statistics 6, 1979). It holds
 * for dependent tests, too. Tests without a p-value (null) do not count.
 */
export function adjustHolm(pValues: readonly (number | null)[]): (number | null)[] {
  const ranked = pValues.flatMap((p, index) => (p === null ? [] : [{ p, index }])).toSorted((a, b) => a.p - b.p);
  let largest = 0;
  const adjusted = new Map(
    ranked.map(({ p, index }, rank) => {
      largest = Math.max(largest, Math.min(1, p * (ranked.length - rank)));
      return [index, largest];
    }),
  );
  return pValues.map((_, index) => adjusted.get(index) ?? null);
}
