import { categoryNames } from "../../jobs/matrix/index.ts";
import type { CategoryName } from "../../jobs/matrix/index.ts";

/**
 * A change of at most this many percent counts as none. The paper prints no threshold in the parts that could be read;
 * its 36 printed verdicts come out with every threshold from 8.18 to 9.98 and with none outside (a test shows it).
 */
export const unchangedThresholdPct = 9;

export const changeDirections = ["gain", "unchanged", "loss"] as const;
export type ChangeDirection = (typeof changeDirections)[number];

export function determineChangeDirection(changePct: number, within = unchangedThresholdPct): ChangeDirection {
  if (Math.abs(changePct) <= within) return "unchanged";
  return changePct > 0 ? "gain" : "loss";
}

/** Changes in percent of a cell's training languages and of the languages related to them. */
export interface SideChanges {
  readonly trainingPct: number;
  readonly relatedPct: number;
}

/** What a category predicts, in words. */
export const predictions: Readonly<Record<CategoryName, string>> = {
  Alt: "related languages gain, and more than the training languages",
  Sel: "training languages gain, related ones stay as they were",
  Stag: "neither training nor related languages change",
};

/** The study predicts something of its own categories; of those that a stack adds it says nothing. */
export function hasPrediction(category: string): category is CategoryName {
  return categoryNames.some((name) => name === category);
}

/** What is predicted of a category, for readers. */
export function formatPrediction(category: string): string {
  return hasPrediction(category) ? predictions[category] : "no prediction";
}

/** Does a cell, or a language of it, behave as its category predicts? */
export function isPredictionMet(
  category: CategoryName,
  { trainingPct, relatedPct }: SideChanges,
  within = unchangedThresholdPct,
): boolean {
  const [training, related] = [
    determineChangeDirection(trainingPct, within),
    determineChangeDirection(relatedPct, within),
  ];
  switch (category) {
    case "Alt":
      return related === "gain" && relatedPct > trainingPct;
    case "Sel":
      return training === "gain" && related === "unchanged";
    case "Stag":
      return training === "unchanged" && related === "unchanged";
  }
}
