import { parseEditionName } from "./metricSignature.ts";
import { buildMeasureKey, type Measure } from "./scoreMeasure.ts";
import type { Score } from "./scoresConfigMap.ts";
import { parseTokenizerName } from "./metricSignature.ts";

/** Scores by measure and language; should there be several of one, the first. */
export type ScoreIndex = ReadonlyMap<string, Score>;

const buildScoreKey = (measure: Measure, language: string): string => `${buildMeasureKey(measure)} ${language}`;

export const indexScores = (scores: readonly Score[]): ScoreIndex => new Map([...scores].reverse().map((score) => [buildScoreKey(score, score.language), score]));

export const findScore = (index: ScoreIndex, measure: Measure, language: string): Score | undefined => index.get(buildScoreKey(measure, language));

const hasSameItems = (one: Score, other: Score): boolean => one.items === other.items && parseEditionName(one.signature) === parseEditionName(other.signature);

/** May two scores of one language be set side by side? Only with the same items, and BLEU only with the same tokenizer. */
export const isComparable = (one: Score, other: Score): boolean =>
  buildMeasureKey(one) === buildMeasureKey(other) && hasSameItems(one, other) && (one.metric !== "bleu" || parseTokenizerName(one.signature) === parseTokenizerName(other.signature));

/** The reference scores that may stand beside scores of one's own. Where there is no own score, any may. */
export const selectComparableScores = (own: ScoreIndex, reference: ScoreIndex): ScoreIndex =>
  new Map([...reference].filter(([at, score]) => isComparable(own.get(at) ?? score, score)));
