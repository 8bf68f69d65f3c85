import type { Measure } from "../scoreMeasure.ts";
import type { ReportCell } from "../reportModel.ts";
import { findScore } from "../scoreIndex.ts";
import type { Score } from "../scoresConfigMap.ts";
import { buildBinomialSampler } from "../statistics/binomial.ts";
import { computeChangePct } from "../statistics/mean.ts";
import type { RandomSource } from "../statistics/bootstrap.ts";

/** A language before and after training. */
export interface ScorePair {
  readonly before: Score;
  readonly after: Score;
}

/**
 * A cell's scores beside its base model's, for the languages that the base was evaluated in. null where there is none,
 * and where the cell lacks one of them: a change over what happens to be there could not be compared.
 */
export function listScorePairs(cell: ReportCell, measure: Measure, languages: readonly string[]): ScorePair[] | null {
  const pairs = languages.flatMap((language) => {
    const before = findScore(cell.base, measure, language);
    return before === undefined ? [] : [{ before, after: findScore(cell.index, measure, language) }];
  });
  const whole = pairs.flatMap(({ before, after }) => (after === undefined ? [] : [{ before, after }]));
  return whole.length === 0 || whole.length < pairs.length ? null : whole;
}

export function computePairChange(pairs: readonly ScorePair[]): number | null {
  return computeChangePct(
    pairs.map(({ before }) => before.value),
    pairs.map(({ after }) => after.value),
  );
}

type ChangeDraw = (random: RandomSource) => number | null;

/** Sums, because before and after have the same number of values. Loops, because this runs a million times. */
function buildChangeDraw(
  count: number,
  valueAt: (index: number, random: RandomSource) => { before: number; after: number },
): ChangeDraw {
  return (random) => {
    let [before, after] = [0, 0];
    for (let index = 0; index < count; index += 1) {
      const drawn = valueAt(index, random);
      before += drawn.before;
      after += drawn.after;
    }
    return before === 0 ? null : (after / before - 1) * 100;
  };
}

/** Draws the change once more, over languages drawn with replacement: would other languages of the kind show the same? */
export function resampleLanguages(pairs: readonly ScorePair[]): ChangeDraw {
  const values = pairs.map(({ before, after }) => ({ before: before.value, after: after.value }));
  return buildChangeDraw(
    pairs.length,
    (_, random) => values[Math.floor(random() * values.length)] ?? { before: 0, after: 0 },
  );
}

/**
 * Draws the change once more, over test items drawn with replacement: would other items show the same? For accuracy only,
 * the share of items that are right.
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

/** Training and related languages of a cell's category. English is neither. */
export function selectLanguageSides({ parts }: ReportCell): {
  readonly training: readonly string[];
  readonly related: readonly string[];
} {
  return parts.category;
}
