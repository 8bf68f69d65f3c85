import { categoryNames, type CategoryName } from "../../matrix/index.ts";

/**
 * A change of at most this many percent counts as none. The paper prints no threshold in the parts that could be read;
 * its 36 printed verdicts come out with every threshold from 8.18 to 9.98 and with none outside (a test shows it).
 */
export const unchangedWithin = 9;

export const movements = ["gain", "unchanged", "loss"] as const;
export type Movement = (typeof movements)[number];

export const movementOf = (changePct: number, within = unchangedWithin): Movement => {
  if (Math.abs(changePct) <= within) return "unchanged";
  return changePct > 0 ? "gain" : "loss";
};

/** Changes in percent of a cell's training languages and of the languages related to them. */
export interface Changes {
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
export const isPredicted = (category: string): category is CategoryName => categoryNames.some((name) => name === category);

/** What is predicted of a category, for readers. */
export const predictionText = (category: string): string => (isPredicted(category) ? predictions[category] : "no prediction");

/** Does a cell, or a language of it, behave as its category predicts? */
export const isMet = (category: CategoryName, { trainingPct, relatedPct }: Changes, within = unchangedWithin): boolean => {
  const [training, related] = [movementOf(trainingPct, within), movementOf(relatedPct, within)];
  switch (category) {
    case "Alt": return related === "gain" && relatedPct > trainingPct;
    case "Sel": return training === "gain" && related === "unchanged";
    case "Stag": return training === "unchanged" && related === "unchanged";
  }
};
