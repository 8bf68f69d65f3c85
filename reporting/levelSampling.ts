import { isItemShare } from "./scoreMeasure.ts";
import type { Score } from "./scoresConfigMap.ts";
import { buildBinomialQuantile } from "./statistics/binomial.ts";
import type { RandomSource } from "./statistics/bootstrap.ts";

/** The positions of the languages and runs that a resample draws. */
interface DrawnLevels {
  readonly languages: readonly number[];
  readonly runs: readonly number[];
}

/** Draws one resampled mean of the drawn languages and runs, over resampled items where these are known. */
export type MeanDraw = (levels: DrawnLevels, items: RandomSource) => number;

/** The score on resampled items, as a quantile function. Items are known for a share of correct ones. */
function buildScoreQuantile({ metric, items, value }: Score): (probability: number) => number {
  if (!isItemShare(metric)) return () => value;
  const countCorrect = buildBinomialQuantile(items, value / 100);
  return (probability) => (countCorrect(probability) / items) * 100;
}

/**
 * Builds a draw of the mean of some languages' scores, each from every run. The runs of a language answered the same
 * items, so they share the random number of the items: more runs do not make up for few items. Written as loops
 * because it runs a million times per report.
 */
export function buildMeanDraw(scoresByLanguage: readonly (readonly Score[])[]): MeanDraw {
  const quantiles = scoresByLanguage.map((scores) => scores.map(buildScoreQuantile));
  return ({ languages, runs }, items) => {
    let sum = 0;
    for (const language of languages) {
      const probability = items();
      for (const run of runs) sum += quantiles[language]?.[run]?.(probability) ?? 0;
    }
    return sum / (languages.length * runs.length);
  };
}
