import { poolRepetitions } from "./repetitions.ts";
import type { Report } from "./reportModel.ts";
import { findScore } from "./scoreIndex.ts";
import { isScoreOf } from "./scoreMeasure.ts";
import type { Measure } from "./scoreMeasure.ts";
import { computeMean } from "./statistics/mean.ts";

/** A run's score minus the paper's, in points. */
interface PaperDifference {
  readonly id: string;
  readonly language: string;
  readonly points: number;
}

/** Summary of the differences between the scores of one measure and the paper's, in points. */
interface PaperAgreement {
  readonly compared: number;
  readonly mean: number;
  readonly meanAbsolute: number;
  readonly farthest: PaperDifference;
}

function listPaperDifferences(report: Report, measure: Measure): PaperDifference[] {
  return poolRepetitions(report).cells.flatMap(({ id, scores, paper }) =>
    scores
      .filter((score) => isScoreOf(score, measure))
      .flatMap(({ language, value }) => {
        const published = findScore(paper, measure, language);
        return published === undefined ? [] : [{ id, language, points: value - published.value }];
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
  };
}
