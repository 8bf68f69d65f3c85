import { createRandomSource } from "./bootstrap.ts";

/** Up to this number of differences every combination of signs is counted: half a million of them. */
const exactLimit = 20;
/** Random combinations of signs beyond that; with the observed one they make 100,000. */
const randomFlips = 99_999;

/** Sums that differ by rounding alone count as equal. */
const roundingTolerance = 1e-9;

function sumValues(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/**
 * Share of all combinations of signs whose sum is as far from zero as the observed one. The first difference keeps its
 * sign, because a combination and its opposite are equally far from zero. Each step of the Gray code flips one sign.
 */
function countAllFlips(differences: readonly number[], threshold: number): number {
  const combinations = 2 ** (differences.length - 1);
  const signed = [...differences];
  let [sum, extreme] = [sumValues(signed), 0];
  for (let step = 1; step <= combinations; step += 1) {
    if (Math.abs(sum) >= threshold) extreme += 1;
    const position = signed.length - (32 - Math.clz32(step & -step));
    sum -= 2 * (signed[position] ?? 0);
    signed[position] = -(signed[position] ?? 0);
  }
  return extreme / combinations;
}

/** The same share for random signs. The observed signs count as one of them, so that it is never 0. */
function countRandomFlips(differences: readonly number[], threshold: number, seed: string): number {
  const random = createRandomSource(seed);
  let extreme = 1;
  for (let flip = 0; flip < randomFlips; flip += 1) {
    const sum = sumValues(differences.map((difference) => (random() < 0.5 ? difference : -difference)));
    if (Math.abs(sum) >= threshold) extreme += 1;
  }
  return extreme / (randomFlips + 1);
}

/**
 * Two-sided p-value of Fisher's randomization test of paired differences (The Design of Experiments, 1935, section 21):
 * without an effect the sign of every difference is arbitrary. Exact for up to 20 differences, otherwise from 100,000
 * combinations of signs (Phipson and Smyth 2010). 1 without differences.
 */
export function computeSignFlipP(differences: readonly number[], seed: string): number {
  if (differences.length === 0) return 1;
  const observed = Math.abs(sumValues(differences));
  const threshold = observed - roundingTolerance * Math.max(1, observed);
  return differences.length <= exactLimit
    ? countAllFlips(differences, threshold)
    : countRandomFlips(differences, threshold, seed);
}
