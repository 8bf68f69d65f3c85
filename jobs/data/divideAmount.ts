/** Digits of a weight that count: powers may differ in the last ones between machines, which must not change a part. */
const weightDigits = 12;

/** Raises weights to the power of 1/temperature: 1 keeps them, and the higher it is the more they are alike. */
export function flattenWeights(weights: readonly number[], temperature: number): number[] {
  if (temperature === 1) return [...weights];
  return weights.map((weight) => Number((weight ** (1 / temperature)).toPrecision(weightDigits)));
}

/**
 * Divides a whole amount in proportion to weights, in whole parts that add up to it: each is rounded down, and those
 * with the largest remainders get one more (Hamilton's method). Weights so alike that their remainders are equal are
 * served in order of size. Without any weight, all parts are 0.
 */
export function divideAmount(amount: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return weights.map(() => 0);
  const exact = weights.map((weight) => (amount * weight) / total);
  const parts = exact.map(Math.floor);
  const missing = amount - parts.reduce((sum, part) => sum + part, 0);
  const remainders = exact.map((part, index) => part - (parts[index] ?? 0));
  const byRemainder = [...exact.keys()].sort(
    (a, b) => (remainders[b] ?? 0) - (remainders[a] ?? 0) || (weights[b] ?? 0) - (weights[a] ?? 0),
  );
  for (const index of byRemainder.slice(0, missing)) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}
