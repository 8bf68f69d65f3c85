import { categoryNames } from "../../jobs/matrix/index.ts";
import type { CategoryName } from "../../jobs/matrix/index.ts";
import { isNameIn } from "../nameGuard.ts";

/**
 * Largest change, in percent, that counts as unchanged. The readable parts of the paper print no threshold; its 36
 * printed verdicts are reproduced by every threshold from 8.18 to 9.98 and by no other (a test checks this).
 */
export const unchangedThresholdPct = 9;

type ChangeDirection = "gain" | "unchanged" | "loss";

export function determineChangeDirection(changePct: number, thresholdPct = unchangedThresholdPct): ChangeDirection {
  if (Math.abs(changePct) <= thresholdPct) return "unchanged";
  return changePct > 0 ? "gain" : "loss";
}

/** Changes in percent of a cell's training languages and of the languages related to them. */
interface SideChanges {
  readonly trainingPct: number;
  readonly relatedPct: number;
}

/** Each category's prediction in words. */
export const predictions: Readonly<Record<CategoryName, string>> = {
  Alt: "related languages gain, and more than the training languages",
  Sel: "training languages gain, related languages stay unchanged",
  Stag: "neither training nor related languages change",
};

/** Returns true for the study's own categories: it predicts nothing for those that a stack adds. */
export function hasPrediction(category: string): category is CategoryName {
  return isNameIn(categoryNames, category);
}

/** A category's prediction as a phrase for readers. */
export function formatPrediction(category: string): string {
  return hasPrediction(category) ? predictions[category] : "no prediction";
}

/** Returns true if a cell, or a language of it, behaves as its category predicts. */
export function isPredictionMet(
  category: CategoryName,
  { trainingPct, relatedPct }: SideChanges,
  thresholdPct = unchangedThresholdPct,
): boolean {
  const training = determineChangeDirection(trainingPct, thresholdPct);
  const related = determineChangeDirection(relatedPct, thresholdPct);
  switch (category) {
    case "Alt":
      return related === "gain" && relatedPct > trainingPct;
    case "Sel":
      return training === "gain" && related === "unchanged";
    case "Stag":
      return training === "unchanged" && related === "unchanged";
  }
}
