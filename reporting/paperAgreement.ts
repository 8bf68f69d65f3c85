import { buildMeasureKey } from "./scoreMeasure.ts";
import type { Measure } from "./scoreMeasure.ts";
import type { Report } from "./reportModel.ts";
import { findScore } from "./scoreIndex.ts";
import { computeMean } from "./statistics/mean.ts";

/** One of our scores minus the paper's, in points. */
export interface PaperDifference {
  readonly id: string;
  readonly language: string;
  readonly points: number;
}

/** How near the scores of one measure are to the paper's. */
export interface PaperAgreement {
  readonly compared: number;
  readonly mean: number;
  readonly meanAbsolute: number;
  readonly farthest: PaperDifference;
}

function listPaperDifferences({ cells }: Report, measure: Measure): PaperDifference[] {
  return cells.flatMap(({ id, scores, paper }) =>
    scores
      .filter((score) => buildMeasureKey(score) === buildMeasureKey(measure))
      .flatMap(({ language, value }) => {
        const published = findScore(paper, measure, language);
        return published === undefined ? [] : [{ id, language, points: value - published.value }];
      }),
  );
}

function selectLargerDifference(a: PaperDifference, b: PaperDifference): PaperDifference {
  return Math.abs(b.points) > Math.abs(a.points) ? b : a;
}

/** Compares every score that may stand beside a published one; null where there is none. */
export function computePaperAgreement(report: Report, measure: Measure): PaperAgreement | null {
  const all = listPaperDifferences(report, measure);
  const [first] = all;
  const [average, absolute] = [
    computeMean(all.map(({ points }) => points)),
    computeMean(all.map(({ points }) => Math.abs(points))),
  ];
  if (first === undefined || average === null || absolute === null) return null;
  return {
    compared: all.length,
    mean: average,
    meanAbsolute: absolute,
    farthest: all.reduce(selectLargerDifference, first),
  };
}
