/** A 95 % interval. */
export interface ConfidenceInterval {
  readonly low: number;
  readonly high: number;
}

/** Number of resamples of a bootstrap. */
export const resampleCount = 1000;

const tailShare = 0.025;

/** Numbers in [0, 1), always the same ones for the same seed. */
export type RandomSource = () => number;

/** 32-bit FNV-1a hash of a text (Fowler, Noll, Vo). */
function hashSeed(text: string): number {
  const [offsetBasis, prime] = [2166136261, 16777619];
  return [...text].reduce((hash, letter) => Math.imul(hash ^ (letter.codePointAt(0) ?? 0), prime) >>> 0, offsetBasis);
}

/**
 * A random generator seeded with a text, such as a cell's id, so that the same scores give the same report whenever and
 * in whatever order it is made. Xorshift with shifts 13, 17, 5 (Marsaglia 2003), whose state must not be zero.
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

/** A sample of the same size, drawn with replacement. */
export function drawWithReplacement<Item>(items: readonly Item[], random: RandomSource): Item[] {
  return items.map(() => items[Math.floor(random() * items.length)] as Item);
}

/** The values of `draw` for each resample; the same for the same seed. */
export function runBootstrap<Value>(seed: string, draw: (random: RandomSource) => Value): Value[] {
  const random = createRandomSource(seed);
  return Array.from({ length: resampleCount }, () => draw(random));
}

/** Positions of as many things as there are, drawn with replacement. A loop, because it runs a million times. */
export function drawPositions(count: number, random: RandomSource): number[] {
  const positions: number[] = [];
  for (let drawn = 0; drawn < count; drawn += 1) positions.push(Math.floor(random() * count));
  return positions;
}

/**
 * The random numbers of the levels of a hierarchical bootstrap, from independent generators: a level with one choice,
 * such as a single seed, does not change the draws of the others.
 */
export interface LevelSources {
  readonly pairs: RandomSource;
  readonly seeds: RandomSource;
  readonly languages: RandomSource;
  readonly items: RandomSource;
}

/**
 * The values of `draw` for each resample of a hierarchical bootstrap, in which every level is drawn with replacement
 * (Davison and Hinkley 1997, section 3.8); the same for the same seed.
 */
export function runLevelBootstrap<Value>(seed: string, draw: (sources: LevelSources) => Value): Value[] {
  const createLevelSource = (level: keyof LevelSources): RandomSource => createRandomSource(`${seed} ${level}`);
  const sources = {
    pairs: createLevelSource("pairs"),
    seeds: createLevelSource("seeds"),
    languages: createLevelSource("languages"),
    items: createLevelSource("items"),
  };
  return Array.from({ length: resampleCount }, () => draw(sources));
}

/** Middle 95 % of bootstrap values (percentile method, Efron & Tibshirani 1993, chapter 13); null without values. */
export function computeInterval95(values: readonly (number | null)[]): ConfidenceInterval | null {
  const sorted = Float64Array.from(values.filter((value) => value !== null)).sort();
  const readQuantile = (share: number): number | undefined =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))))];
  const [low, high] = [readQuantile(tailShare), readQuantile(1 - tailShare)];
  return low === undefined || high === undefined ? null : { low, high };
}
