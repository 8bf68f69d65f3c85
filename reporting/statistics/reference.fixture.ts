/**
 * Expected values from SciPy 1.17.1 and statsmodels 0.15.0: `scipy.stats.permutation_test` of the mean
 * (`permutation_type="samples"`, all permutations), `fisher_exact`, `binom.ppf`, `bootstrap` (percentile method,
 * 200,000 resamples), `numpy.std` (`ddof=1`) and `statsmodels.stats.multitest.multipletests`.
 */

/** Darwin's differences between cross- and self-fertilized maize, in eighths of an inch (Fisher 1935, section 17). */
const darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

export const referenceFlips = [
  { name: "darwin", differences: darwin, p: 0.05267333984375 },
  { name: "points", differences: [6.5, -0.9, 12.9, 3.1, 4.4, 0.7], p: 0.09375 },
  { name: "signs agree", differences: [1.5, 2.0, 0.1, 4.0, 2.2, 0.3], p: 0.03125 },
] as const;

/** Correct and wrong items of one model, then of another. */
export const referenceTables = [
  { table: [3, 1, 1, 3], p: 0.48571428571428565 },
  { table: [8, 2, 1, 5], p: 0.034965034965034975 },
  { table: [51, 153, 94, 110], p: 1.262329529796625e-5 },
  { table: [60, 144, 60, 144], p: 1.0 },
  { table: [0, 204, 9, 195], p: 0.0035696178967034083 },
  { table: [204, 0, 150, 54], p: 1.9301638469622384e-18 },
] as const;

export const referenceHolm = {
  raw: [0.01, 0.04, 0.03, 0.005, 0.2, 0.04],
  adjusted: [0.05, 0.12, 0.12, 0.03, 0.2, 0.12],
} as const;

/** Number of correct items by probability. */
export const referenceQuantiles = [
  {
    items: 28,
    rate: 0.14285714285714285,
    quantiles: [
      [0.001, 0],
      [0.025, 1],
      [0.31, 3],
      [0.5, 4],
      [0.8, 6],
      [0.975, 8],
      [0.999, 11],
    ],
  },
  {
    items: 204,
    rate: 0.402,
    quantiles: [
      [0.001, 61],
      [0.025, 68],
      [0.31, 79],
      [0.5, 82],
      [0.8, 88],
      [0.975, 96],
      [0.999, 104],
    ],
  },
  {
    items: 204,
    rate: 0.9,
    quantiles: [
      [0.001, 169],
      [0.025, 175],
      [0.31, 182],
      [0.5, 184],
      [0.8, 187],
      [0.975, 192],
      [0.999, 196],
    ],
  },
  {
    items: 1012,
    rate: 0.03,
    quantiles: [
      [0.001, 15],
      [0.025, 20],
      [0.31, 28],
      [0.5, 30],
      [0.8, 35],
      [0.975, 41],
      [0.999, 48],
    ],
  },
] as const;

export const referenceSample = {
  values: [20.1, 27.9, 33.3, 41.2, 38.0, 22.4, 30.5, 36.6],
  deviation: 7.481596468287081,
  interval: { low: 26.3125, high: 35.9375 },
} as const;

/**
 * Intervals of a hierarchical bootstrap that was written independently in numpy (40,000 resamples, quantiles by linear
 * interpolation). Each resample draws languages once per category, pairs, the runs of each side, and binomial items.
 */
export const referenceLevels = {
  pairs: [
    {
      category: 0,
      without: [[55.89, 51.03, 29.01, 32.01, 54.94]],
      with: [
        [58.01, 55.71, 30.03, 32.77, 57.92],
        [58.61, 53.24, 29.15, 33.96, 58.33],
        [55.21, 52.12, 27.21, 31.43, 53.26],
      ],
    },
    {
      category: 1,
      without: [[44.5, 21.76, 21.43, 40.6]],
      with: [
        [40.76, 21.98, 22.63, 42.12],
        [42.73, 22.1, 20.77, 40.28],
        [47.92, 21.44, 22.66, 43.66],
      ],
    },
    {
      category: 0,
      without: [[30.7, 55.21, 40.39, 53.89, 45.59]],
      with: [
        [33.67, 52.36, 42.36, 54.38, 44.56],
        [34.95, 56.98, 38.24, 54.29, 46.99],
        [30.57, 56.83, 40.51, 55.47, 48.72],
      ],
    },
    { category: 1, without: [[45.52, 47.06, 26.03, 37.61]], with: [[44.33, 46.64, 27.8, 39.87]] },
    { category: 0, without: [[46.87, 32.02, 54.96, 46.49, 25.26]], with: [[47.41, 31.43, 52.33, 43.78, 22.79]] },
    { category: 1, without: [[57.12, 42.09, 27.22, 55.36]], with: [[63.3, 46.43, 33.77, 61.04]] },
    { category: 0, without: [[21.52, 55.05, 38.71, 41.91, 32.89]], with: [[27.01, 61.72, 41.63, 48.1, 35.01]] },
    { category: 1, without: [[46.31, 37.13, 40.95, 54.91]], with: [[40.54, 31.78, 37.25, 51.79]] },
  ],
  intervals: [
    { items: null, low: -1.308777604166668, high: 3.1310135416666687 },
    { items: 204, low: -1.804610906862746, high: 3.6274509803921577 },
  ],
} as const;
