/** A 95 % interval. */
export interface ConfidenceInterval {
  readonly low: number;
  readonly high: number;
}

/** How often a bootstrap draws again. */
export const resampleCount = 1000;

const tailShare = 0.025;

/** As many of the items, drawn with replacement. */
export function drawWithReplacement<Item>(items: readonly Item[], random: RandomSource): Item[] {
  return items.map(() => items[Math.floor(random() * items.length)] as Item);
}

/** What `draw` gives for each resample; the same for the same seed. */
export function runBootstrap<Value>(seed: string, draw: (random: RandomSource) => Value): Value[] {
  const random = createRandomSource(seed);
  return Array.from({ length: resampleCount }, () => draw(random));
}

/** Middle 95 % of the values of a bootstrap (percentile method, Efron & Tibshirani 1993, chapter 13); null of nothing. */
export function computeInterval95(values: readonly (number | null)[]): ConfidenceInterval | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const readQuantile = (share: number): number | undefined =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))))];
  const [low, high] = [readQuantile(tailShare), readQuantile(1 - tailShare)];
  return low === undefined || high === undefined ? null : { low, high };
}

/** Numbers in [0, 1), the same ones for the same seed. */
export type RandomSource = () => number;

/** 32-bit FNV-1a hash of a text (Fowler, Noll, Vo). */
function hashSeed(text: string): number {
  return [...text].reduce((hash, letter) => Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619) >>> 0, 2166136261);
}

/**
 * A random generator whose seed is a text, such as a cell's id: the same report comes out of the same scores, whenever
 * and in whatever order it is made. Xorshift with shifts 13, 17, 5 (Marsaglia 2003), which must not start at zero.
 */
export function createRandomSource(seed: string): RandomSource {
  let state = hashSeed(seed) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
