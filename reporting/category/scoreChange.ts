import { listFailedLanguages } from "../incompleteUnits.ts";
import type { ReportCell } from "../reportModel.ts";
import { buildMeanDraw } from "../levelSampling.ts";
import { listRunScores } from "../repetitions.ts";
import { canPool, findScore } from "../scoreIndex.ts";
import type { Measure } from "../scoreMeasure.ts";
import type { Score } from "../scoresConfigMap.ts";
import { drawPositions } from "../statistics/bootstrap.ts";
import type { LevelSources } from "../statistics/bootstrap.ts";
import { computeChangePct } from "../statistics/mean.ts";

/** A language's score before and after training. */
export interface ScorePair {
  readonly before: Score;
  /** The mean over the cell's runs. */
  readonly after: Score;
  /** The score of each run. */
  readonly runs: readonly Score[];
}

/**
 * A cell's scores paired with its base model's, for the languages in which the base was evaluated. null if there are
 * none, if the cell lacks one of them, if the base lacks one because its evaluation failed (a change over only the
 * scores that exist could not be compared), and if signatures differ between languages.
 */
export function listScorePairs(cell: ReportCell, measure: Measure, languages: readonly string[]): ScorePair[] | null {
  const failed = listFailedLanguages(cell.baseFailures, measure);
  if (languages.some((language) => failed.includes(language))) return null;
  const wanted = languages.flatMap((language) => {
    const before = findScore(cell.base, measure, language);
    const runs = listRunScores(cell, measure, language);
    return before === undefined ? [] : [{ before, after: findScore(cell.scoreIndex, measure, language), runs }];
  });
  const complete = wanted.flatMap(({ after, ...rest }) => (after === undefined ? [] : [{ ...rest, after }]));
  if (complete.length === 0 || complete.length < wanted.length) return null;
  return canPool(complete.map(({ after }) => after)) ? complete : null;
}

/** Change of the mean in percent; null without pairs. */
export function computePairChange(pairs: readonly Pick<ScorePair, "before" | "after">[]): number | null {
  return computeChangePct(
    pairs.map(({ before }) => before.value),
    pairs.map(({ after }) => after.value),
  );
}

/** A resampled change in percent of some languages; null if the resampled base mean is zero. */
export type ChangeDraw = (drawn: { readonly runs: readonly number[] }, random: LevelSources) => number | null;

/**
 * Builds a draw of the change with other seeds and test items and, if the languages are a sample of others of the kind,
 * other languages. The base has no seeds. Its items are drawn independently of the cell's.
 */
export function buildChangeDraw(pairs: readonly ScorePair[], isSample: boolean): ChangeDraw {
  const drawBefore = buildMeanDraw(pairs.map(({ before }) => [before]));
  const drawAfter = buildMeanDraw(pairs.map(({ runs }) => runs));
  const all = pairs.map((_, position) => position);
  return ({ runs }, random) => {
    if (pairs.length === 0) return null;
    const languages = isSample ? drawPositions(pairs.length, random.languages) : all;
    const before = drawBefore({ languages, runs: [0] }, random.items);
    return before === 0 ? null : (drawAfter({ languages, runs }, random.items) / before - 1) * 100;
  };
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
