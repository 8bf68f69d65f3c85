import { createRandomSource, type RandomSource } from "./random.ts";

/** A 95 % interval. */
export interface ConfidenceInterval {
  readonly low: number;
  readonly high: number;
}

/** How often a bootstrap draws again. */
export const resampleCount = 1000;

const tailShare = 0.025;

/** As many of the items, drawn with replacement. */
export const drawWithReplacement = <Item>(items: readonly Item[], random: RandomSource): Item[] =>
  items.map(() => items[Math.floor(random() * items.length)] as Item);

/** What `draw` gives for each resample; the same for the same seed. */
export const runBootstrap = <Value>(seed: string, draw: (random: RandomSource) => Value): Value[] => {
  const random = createRandomSource(seed);
  return Array.from({ length: resampleCount }, () => draw(random));
};

/** Middle 95 % of the values of a bootstrap (percentile method, Efron & Tibshirani 1993, chapter 13); null of nothing. */
export const computeInterval95 = (values: readonly (number | null)[]): ConfidenceInterval | null => {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const readQuantile = (share: number): number | undefined => sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))))];
  const [low, high] = [readQuantile(tailShare), readQuantile(1 - tailShare)];
  return low === undefined || high === undefined ? null : { low, high };
};
