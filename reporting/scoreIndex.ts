import { parseEditionName } from "./metricSignature.ts";
import { buildMeasureKey } from "./scoreMeasure.ts";
import type { Measure } from "./scoreMeasure.ts";
import type { Score } from "./scoresConfigMap.ts";
import { parseTokenizerName } from "./metricSignature.ts";

/** Scores by measure and language; should there be several of one, the first. */
export type ScoreIndex = ReadonlyMap<string, Score>;

function buildScoreKey(measure: Measure, language: string): string {
  return `${buildMeasureKey(measure)} ${language}`;
}

export function indexScores(scores: readonly Score[]): ScoreIndex {
  return new Map([...scores].reverse().map((score) => [buildScoreKey(score, score.language), score]));
}

export function findScore(index: ScoreIndex, measure: Measure, language: string): Score | undefined {
  return index.get(buildScoreKey(measure, language));
}

function hasSameItems(one: Score, other: Score): boolean {
  return one.items === other.items && parseEditionName(one.signature) === parseEditionName(other.signature);
}

/** May two scores of one language be set side by side? Only with the same items, and BLEU only with the same tokenizer. */
export function isComparable(one: Score, other: Score): boolean {
  return (
    buildMeasureKey(one) === buildMeasureKey(other) &&
    hasSameItems(one, other) &&
    (one.metric !== "bleu" || parseTokenizerName(one.signature) === parseTokenizerName(other.signature))
  );
}

/** The reference scores that may stand beside scores of one's own. Where there is no own score, any may. */
export function selectComparableScores(own: ScoreIndex, reference: ScoreIndex): ScoreIndex {
  return new Map([...reference].filter(([at, score]) => isComparable(own.get(at) ?? score, score)));
}
