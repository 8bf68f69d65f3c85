import { unchangedThresholdPct } from "./predictionRule.ts";
import type { ScorePair } from "./scoreChange.ts";

/**
 * Reasons for showing changes without an interval or a verdict: the cell is a miniature, or its languages or their test
 * items are too few.
 */
export const withheldReasons = ["miniature", "languages", "items"] as const;
export type WithheldReason = (typeof withheldReasons)[number];

/**
 * Resamples of fewer languages often repeat a single one: three times the same of three has a probability of
 * 1 / 3^3 = 3.7 %, more than the 2.5 % that a 95 % interval cuts off, so that its ends would be single languages.
 */
export const minimumLanguages = 4;

/** Topics of SIB-200; guessing is right in one of seven. */
const topics = 7;

/**
 * With fewer items, 78, one more correct item of a model that guesses is a change above the threshold: one item would
 * decide what counts as unchanged.
 */
export const minimumItems = Math.ceil((topics * 100) / unchangedThresholdPct);

/** The reason for which the change of some languages has no interval; null if it has one. */
export function findSideReason(pairs: readonly ScorePair[], isSample: boolean): WithheldReason | null {
  if (pairs.length === 0) return null;
  if (isSample && pairs.length < minimumLanguages) return "languages";
  const items = pairs.reduce((sum, { before }) => sum + before.items, 0);
  return items < minimumItems ? "items" : null;
}
