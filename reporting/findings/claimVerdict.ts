import type { ConfidenceInterval } from "../statistics/bootstrap.ts";
import type { ChangeSign } from "./paperFindings.ts";

export const claimVerdicts = ["holds", "does not hold", "mixed", "cannot tell"] as const;
export type ClaimVerdict = (typeof claimVerdicts)[number];

export const unitOutcomes = ["agrees", "contradicts", "open"] as const;
/** What one model or cell says about a claim; open if chance could explain its change. */
export type UnitOutcome = (typeof unitOutcomes)[number];

/** Compares an interval with zero: it must be on one side of it entirely. Without an interval nothing is known. */
export function compareWithZero(interval: ConfidenceInterval | null, expected: ChangeSign): UnitOutcome {
  if (interval === null || (interval.low <= 0 && interval.high >= 0)) return "open";
  return interval.low > 0 === (expected === "gain") ? "agrees" : "contradicts";
}

export function countOutcome(outcomes: readonly UnitOutcome[], wanted: UnitOutcome): number {
  return outcomes.filter((outcome) => outcome === wanted).length;
}

/** The verdict on a claim about every model. */
export function judgeEveryUnit(outcomes: readonly UnitOutcome[]): ClaimVerdict {
  const [agreeing, contradicting] = [countOutcome(outcomes, "agrees"), countOutcome(outcomes, "contradicts")];
  if (agreeing > 0) return agreeing === outcomes.length ? "holds" : "mixed";
  return contradicting > 0 ? "does not hold" : "cannot tell";
}

/** The verdict on a claim about a share of the cells: open cells may turn out either way. */
export function judgeShare(outcomes: readonly UnitOutcome[], atLeast: number): ClaimVerdict {
  const needed = atLeast * outcomes.length;
  const agreeing = countOutcome(outcomes, "agrees");
  if (outcomes.length === 0) return "cannot tell";
  if (agreeing >= needed) return "holds";
  return agreeing + countOutcome(outcomes, "open") < needed ? "does not hold" : "cannot tell";
}

/** The verdict on a claim about several shares, all of which must be reached. */
export function judgeAllShares(verdicts: readonly ClaimVerdict[]): ClaimVerdict {
  return verdicts.find((verdict) => verdict === "does not hold") ?? joinVerdicts(verdicts);
}

/** The verdict on a finding with several claims. It holds if all of them do. */
export function joinVerdicts(verdicts: readonly ClaimVerdict[]): ClaimVerdict {
  const isEvery = (...wanted: ClaimVerdict[]): boolean => verdicts.every((verdict) => wanted.includes(verdict));
  if (isEvery("holds") && verdicts.length > 0) return "holds";
  if (isEvery("holds", "cannot tell")) return "cannot tell";
  return isEvery("does not hold", "cannot tell") ? "does not hold" : "mixed";
}
