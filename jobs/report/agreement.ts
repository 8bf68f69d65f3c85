import { measureKey, type Measure } from "./measure.ts";
import type { Report } from "./report.ts";
import { scoreIn } from "./score.ts";
import { mean } from "./statistics/mean.ts";

/** One of our scores minus the paper's, in points. */
export interface Difference {
  readonly id: string;
  readonly language: string;
  readonly points: number;
}

/** How near the scores of one measure are to the paper's. */
export interface Agreement {
  readonly compared: number;
  readonly mean: number;
  readonly meanAbsolute: number;
  readonly farthest: Difference;
}

const differences = ({ cells }: Report, measure: Measure): Difference[] =>
  cells.flatMap(({ id, scores, paper }) => scores.filter((score) => measureKey(score) === measureKey(measure)).flatMap(({ language, value }) => {
    const published = scoreIn(paper, measure, language);
    return published === undefined ? [] : [{ id, language, points: value - published.value }];
  }));

const farther = (a: Difference, b: Difference): Difference => (Math.abs(b.points) > Math.abs(a.points) ? b : a);

/** Compares every score that may stand beside a published one; null where there is none. */
export const agreementWith = (report: Report, measure: Measure): Agreement | null => {
  const all = differences(report, measure);
  const [first] = all;
  const [average, absolute] = [mean(all.map(({ points }) => points)), mean(all.map(({ points }) => Math.abs(points)))];
  if (first === undefined || average === null || absolute === null) return null;
  return { compared: all.length, mean: average, meanAbsolute: absolute, farthest: all.reduce(farther, first) };
};
