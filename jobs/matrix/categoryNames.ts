export const categoryNames = ["Alt", "Sel", "Stag"] as const;
/** Altruistic, selfish, stagnant: whom training on a language helps. */
export type CategoryName = (typeof categoryNames)[number];
