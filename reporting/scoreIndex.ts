import { parseEditionName, parseHarnessSignature, parseTokenizerName } from "./metricSignature.ts";
import { buildMeasureKey, isSameMeasure } from "./scoreMeasure.ts";
import type { Measure } from "./scoreMeasure.ts";
import type { Score } from "./scoresConfigMap.ts";

/** Scores by measure and language; if there are several for one key, the first. */
export type ScoreIndex = ReadonlyMap<string, Score>;

export function buildScoreKey(measure: Measure, language: string): string {
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

/**
 * Returns true if two scores of one language have the same items and, for BLEU, the same tokenizer; those of
 * lm-evaluation-harness the same signature.
 */
function isComparable(one: Score, other: Score): boolean {
  return (
    isSameMeasure(one, other) &&
    hasSameItems(one, other) &&
    parseHarnessSignature(one.signature) === parseHarnessSignature(other.signature) &&
    (one.metric !== "bleu" || parseTokenizerName(one.signature) === parseTokenizerName(other.signature))
  );
}

/** The reference scores that are comparable with a cell's own. A reference without an own score is kept. */
export function selectComparableScores(own: ScoreIndex, reference: ScoreIndex): ScoreIndex {
  return new Map([...reference].filter(([key, score]) => isComparable(own.get(key) ?? score, score)));
}
