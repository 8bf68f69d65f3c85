import {
  agreeInSharedParts,
  listVariants,
  parseEditionName,
  parseHarnessSignature,
  parseTokenizerName,
} from "./metricSignature.ts";
import { buildMetricKey, isSameMeasure, isScoreOf } from "./scoreMeasure.ts";
import type { Measure } from "./scoreMeasure.ts";
import type { Score } from "./scoresConfigMap.ts";

/** Scores by measure and language; if there are several for one key, the first. */
export type ScoreIndex = ReadonlyMap<string, Score>;

export function buildScoreKey(measure: Measure, language: string): string {
  return `${buildMetricKey(measure)} ${language}`;
}

export function indexScores(scores: readonly Score[]): ScoreIndex {
  return new Map([...scores].reverse().map((score) => [buildScoreKey(score, score.language), score]));
}

export function findScore(index: ScoreIndex, measure: Measure, language: string): Score | undefined {
  const score = index.get(buildScoreKey(measure, language));
  return score !== undefined && isScoreOf(score, measure) ? score : undefined;
}

/** Returns true if scores of one metric can be pooled: their signatures differ in nothing but the version. */
export function canPool(scores: readonly Score[]): boolean {
  return listVariants([...new Set(scores.map(({ signature }) => signature))]).length === 0;
}

function hasSameItems(one: Score, other: Score): boolean {
  return one.items === other.items && parseEditionName(one.signature) === parseEditionName(other.signature);
}

/**
 * Returns true if two scores of one language have the same items, signatures that agree in what both of them state
 * and, for BLEU, the same tokenizer; those of lm-evaluation-harness the same signature.
 */
export function isComparable(one: Score, other: Score): boolean {
  return (
    isSameMeasure(one, other) &&
    hasSameItems(one, other) &&
    agreeInSharedParts(one.signature, other.signature) &&
    parseHarnessSignature(one.signature) === parseHarnessSignature(other.signature) &&
    (one.metric !== "bleu" || parseTokenizerName(one.signature) === parseTokenizerName(other.signature))
  );
}

/** The reference scores that are comparable with a cell's own. A reference without an own score is kept. */
export function selectComparableScores(own: ScoreIndex, reference: ScoreIndex): ScoreIndex {
  return new Map([...reference].filter(([key, score]) => isComparable(own.get(key) ?? score, score)));
}
