/** Numbers in [0, 1), the same ones for the same seed. */
export type RandomSource = () => number;

/** 32-bit FNV-1a hash of a text (Fowler, Noll, Vo). */
const hashSeed = (text: string): number => [...text].reduce((hash, letter) => Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619) >>> 0, 2166136261);

/**
 * A random generator whose seed is a text, such as a cell's id: the same report comes out of the same scores, whenever
 * and in whatever order it is made. Xorshift with shifts 13, 17, 5 (Marsaglia 2003), which must not start at zero.
 */
export const createRandomSource = (seed: string): RandomSource => {
  let state = hashSeed(seed) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
};
