import { editionOf } from "./edition.ts";
import { measureKey, type Measure } from "./measure.ts";
import type { Score } from "./scores.ts";
import { tokenizerOf } from "./tokenizer.ts";

/** Scores by measure and language; should there be several of one, the first. */
export type ScoreIndex = ReadonlyMap<string, Score>;

const key = (measure: Measure, language: string): string => `${measureKey(measure)} ${language}`;

export const indexScores = (scores: readonly Score[]): ScoreIndex => new Map([...scores].reverse().map((score) => [key(score, score.language), score]));

export const scoreIn = (index: ScoreIndex, measure: Measure, language: string): Score | undefined => index.get(key(measure, language));

const sameItems = (one: Score, other: Score): boolean => one.items === other.items && editionOf(one.signature) === editionOf(other.signature);

/** May two scores of one language be set side by side? Only with the same items, and BLEU only with the same tokenizer. */
export const comparable = (one: Score, other: Score): boolean =>
  measureKey(one) === measureKey(other) && sameItems(one, other) && (one.metric !== "bleu" || tokenizerOf(one.signature) === tokenizerOf(other.signature));

/** The reference scores that may stand beside scores of one's own. Where there is no own score, any may. */
export const comparableTo = (own: ScoreIndex, reference: ScoreIndex): ScoreIndex =>
  new Map([...reference].filter(([at, score]) => comparable(own.get(at) ?? score, score)));
