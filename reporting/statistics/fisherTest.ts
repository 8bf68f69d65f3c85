/** Successes among a number of items. */
export interface ItemCount {
  readonly correct: number;
  readonly items: number;
}

/** Probabilities that differ by rounding alone count as equal. */
const roundingFactor = 1 + 1e-7;

function listLogFactorials(largest: number): number[] {
  let sum = 0;
  return Array.from({ length: largest + 1 }, (_, number) => (sum += Math.log(Math.max(1, number))));
}

/**
 * Two-sided p-value of Fisher's exact test of two counts: the sum of the probabilities of all tables with the same
 * margins that are at most as probable as the observed one.
 */
export function computeFisherP(one: ItemCount, other: ItemCount): number {
  const correct = one.correct + other.correct;
  const logFactorials = listLogFactorials(one.items + other.items);
  const logChoose = (items: number, chosen: number): number =>
    (logFactorials[items] ?? 0) - (logFactorials[chosen] ?? 0) - (logFactorials[items - chosen] ?? 0);
  const computeProbability = (first: number): number =>
    Math.exp(
      logChoose(one.items, first) +
        logChoose(other.items, correct - first) -
        logChoose(one.items + other.items, correct),
    );
  const [lowest, highest] = [Math.max(0, correct - other.items), Math.min(one.items, correct)];
  const limit = computeProbability(one.correct) * roundingFactor;
  const probabilities = Array.from({ length: highest - lowest + 1 }, (_, index) => computeProbability(lowest + index));
  return Math.min(
    1,
    probabilities.filter((probability) => probability <= limit).reduce((sum, probability) => sum + probability, 0),
  );
}
