/** Probabilities of 0 to `items` successes, from ratios of neighbors so that nothing overflows for many items. */
function computeProbabilities(items: number, successRate: number): number[] {
  const mode = Math.min(items, Math.floor((items + 1) * successRate));
  const odds = successRate / (1 - successRate);
  const weights = Array<number>(items + 1).fill(0);
  weights[mode] = 1;
  for (let k = mode; k < items; k += 1) weights[k + 1] = (weights[k] ?? 0) * ((items - k) / (k + 1)) * odds;
  for (let k = mode; k > 0; k -= 1) weights[k - 1] = ((weights[k] ?? 0) * (k / (items - k + 1))) / odds;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function computeCumulativeSums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}

/** Entries of the table from which the search for a quantile starts. */
const guideSize = 256;

/**
 * The first index whose value is above each multiple of 1 / `guideSize`, so that a search takes a step or two (Chen and
 * Asau 1974, the method of guide tables).
 */
function buildGuide(ascending: readonly number[]): number[] {
  let index = 0;
  return Array.from({ length: guideSize }, (_, entry) => {
    while (index < ascending.length - 1 && (ascending[index] ?? 1) <= entry / guideSize) index += 1;
    return index;
  });
}

/**
 * Builds the quantile function of the number of successes among `items` independent items with this success rate (0 to
 * 1). Of a uniform probability it is a draw, by inversion, that resamples the right and wrong items of a test set.
 */
export function buildBinomialQuantile(items: number, successRate: number): (probability: number) => number {
  if (successRate <= 0) return () => 0;
  if (successRate >= 1) return () => items;
  const distribution = computeCumulativeSums(computeProbabilities(items, successRate));
  const guide = buildGuide(distribution);
  return (probability) => {
    let index = guide[Math.floor(probability * guideSize)] ?? items;
    while (index < items && (distribution[index] ?? 1) <= probability) index += 1;
    return index;
  };
}
