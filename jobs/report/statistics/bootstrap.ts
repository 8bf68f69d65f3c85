import { randomFrom, type Random } from "./random.ts";

/** A 95 % interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How often a bootstrap draws again. */
export const resamples = 1000;

const tail = 0.025;

/** As many of the items, drawn with replacement. */
export const resampled = <Item>(items: readonly Item[], random: Random): Item[] =>
  items.map(() => items[Math.floor(random() * items.length)] as Item);

/** What `draw` gives for each resample; the same for the same seed. */
export const bootstrap = <Value>(seed: string, draw: (random: Random) => Value): Value[] => {
  const random = randomFrom(seed);
  return Array.from({ length: resamples }, () => draw(random));
};

/** Middle 95 % of the values of a bootstrap (percentile method, Efron & Tibshirani 1993, chapter 13); null of nothing. */
export const middle95 = (values: readonly (number | null)[]): Interval | null => {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const at = (share: number): number | undefined => sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))))];
  const [low, high] = [at(tail), at(1 - tail)];
  return low === undefined || high === undefined ? null : { low, high };
};
