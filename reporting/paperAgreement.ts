import { poolRepetitions } from "./repetitions.ts";
import type { Report } from "./reportModel.ts";
import { findScore } from "./scoreIndex.ts";
import { isScoreOf } from "./scoreMeasure.ts";
import type { Measure } from "./scoreMeasure.ts";
import type { Score } from "./scoresConfigMap.ts";
import { computeMean } from "./statistics/mean.ts";

/** A score minus the paper's, and whether the items alone may explain it. */
interface ScoreDifference {
  readonly points: number;
  /**
   * Largest difference, in points, of two equally good models in 95 % of the cases; null if it is not known, as for
   * BLEU and chrF++: they depend on single translations, which the paper did not publish and the scores do not keep.
   */
  readonly limit: number | null;
  readonly withinItems: boolean | null;
}

/** A run's score minus the paper's, in points. */
interface PaperDifference extends ScoreDifference {
  readonly id: string;
  readonly language: string;
}

/** Summary of the differences between the scores of one measure and the paper's, in points. */
interface PaperAgreement {
  readonly compared: number;
  readonly mean: number;
  readonly meanAbsolute: number;
  readonly farthest: PaperDifference;
  /** Differences within what the items allow; null if that is unknown for the measure. */
  readonly withinItems: number | null;
}

/** Quantile of the normal distribution for a two-sided test at 5 %. */
const normalQuantile = 1.96;

/**
 * 1.96 standard errors of the difference of two binomial shares with their common rate. The two models answered the
 * same items, so it is too wide rather than too narrow.
 */
function computeItemLimit(score: Score, published: Score): number {
  const items = score.items + published.items;
  const rate = (score.value * score.items + published.value * published.items) / (100 * items);
  return 100 * normalQuantile * Math.sqrt(rate * (1 - rate) * (1 / score.items + 1 / published.items));
}

/** The paper prints two decimals. */
const printedRounding = 0.005;

/** Compares a score with its published counterpart. */
export function compareWithPaper(score: Score, published: Score): ScoreDifference {
  const points = score.value - published.value;
  const limit = score.metric === "accuracy" ? computeItemLimit(score, published) : null;
  return { points, limit, withinItems: limit === null ? null : Math.abs(points) <= limit + printedRounding };
}

function listPaperDifferences(report: Report, measure: Measure): PaperDifference[] {
  return poolRepetitions(report).cells.flatMap(({ id, scores, paper }) =>
    scores
      .filter((score) => isScoreOf(score, measure))
      .flatMap((score) => {
        const published = findScore(paper, measure, score.language);
        return published === undefined ? [] : [{ id, language: score.language, ...compareWithPaper(score, published) }];
      }),
  );
}

function selectLargerDifference(a: PaperDifference, b: PaperDifference): PaperDifference {
  return Math.abs(b.points) > Math.abs(a.points) ? b : a;
}

/** Compares every score with its published counterpart, if the two are comparable; null if there are no such pairs. */
export function computePaperAgreement(report: Report, measure: Measure): PaperAgreement | null {
  const differences = listPaperDifferences(report, measure);
  const [first] = differences;
  const mean = computeMean(differences.map(({ points }) => points));
  const meanAbsolute = computeMean(differences.map(({ points }) => Math.abs(points)));
  if (first === undefined || mean === null || meanAbsolute === null) return null;
  return {
    compared: differences.length,
    mean,
    meanAbsolute,
    farthest: differences.reduce(selectLargerDifference, first),
    withinItems: first.withinItems === null ? null : differences.filter(({ withinItems }) => withinItems).length,
  };
}
