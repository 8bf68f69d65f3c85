import { listFailedLanguages } from "../incompleteUnits.ts";
import type { ReportCell } from "../reportModel.ts";
import { findScore } from "../scoreIndex.ts";
import type { Measure } from "../scoreMeasure.ts";
import type { Score } from "../scoresConfigMap.ts";
import { buildBinomialSampler } from "../statistics/binomial.ts";
import type { RandomSource } from "../statistics/bootstrap.ts";
import { computeChangePct } from "../statistics/mean.ts";

/** A language's score before and after training. */
export interface ScorePair {
  readonly before: Score;
  readonly after: Score;
}

/**
 * A cell's scores paired with its base model's, for the languages in which the base was evaluated. null if there are
 * none, and if the cell lacks one of them, or the base lacks one because its evaluation failed: a change over only the
 * scores that exist could not be compared.
 */
export function listScorePairs(cell: ReportCell, measure: Measure, languages: readonly string[]): ScorePair[] | null {
  const failed = listFailedLanguages(cell.baseFailures, measure);
  if (languages.some((language) => failed.includes(language))) return null;
  const wanted = languages.flatMap((language) => {
    const before = findScore(cell.base, measure, language);
    return before === undefined ? [] : [{ before, after: findScore(cell.scoreIndex, measure, language) }];
  });
  const complete = wanted.flatMap(({ before, after }) => (after === undefined ? [] : [{ before, after }]));
  return complete.length === 0 || complete.length < wanted.length ? null : complete;
}

/** Change of the mean in percent; null without pairs. */
export function computePairChange(pairs: readonly ScorePair[]): number | null {
  return computeChangePct(
    pairs.map(({ before }) => before.value),
    pairs.map(({ after }) => after.value),
  );
}

/** Draws one resampled change in percent; null if the resampled base mean is zero. */
export type ChangeDraw = (random: RandomSource) => number | null;

/**
 * Compares sums, because before and after have the same number of values. Written as a loop because it runs a million
 * times per report.
 */
function buildChangeDraw(
  count: number,
  drawPair: (index: number, random: RandomSource) => { before: number; after: number },
): ChangeDraw {
  return (random) => {
    let [before, after] = [0, 0];
    for (let index = 0; index < count; index += 1) {
      const drawn = drawPair(index, random);
      before += drawn.before;
      after += drawn.after;
    }
    return before === 0 ? null : (after / before - 1) * 100;
  };
}

/** Resamples the change over languages drawn with replacement: it estimates the spread over other such languages. */
export function resampleLanguages(pairs: readonly ScorePair[]): ChangeDraw {
  const values = pairs.map(({ before, after }) => ({ before: before.value, after: after.value }));
  return buildChangeDraw(
    pairs.length,
    (_, random) => values[Math.floor(random() * values.length)] ?? { before: 0, after: 0 },
  );
}

/**
 * Resamples the change over test items drawn with replacement: it estimates the spread over other test items. Only for
 * accuracy, which is the share of correct items.
 */
export function resampleTestItems(pairs: readonly ScorePair[]): ChangeDraw {
  const buildItemSampler = ({ value, items }: Score): ((random: RandomSource) => number) =>
    buildBinomialSampler(items, value / 100);
  const draws = pairs.map(({ before, after }) => ({
    before: buildItemSampler(before),
    after: buildItemSampler(after),
    items: before.items,
  }));
  return buildChangeDraw(pairs.length, (index, random) => {
    const draw = draws[index];
    return draw === undefined
      ? { before: 0, after: 0 }
      : { before: draw.before(random) / draw.items, after: draw.after(random) / draw.items };
  });
}

/** Values for the training languages and for the languages related to them. */
export interface LanguageSides<Side> {
  readonly training: Side;
  readonly related: Side;
}

/** Training and related languages of a cell's category. English is neither. */
export function selectLanguageSides({ parts }: ReportCell): LanguageSides<readonly string[]> {
  return parts.category;
}
