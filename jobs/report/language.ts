import { categories, categoryNames, type CategoryName } from "../matrix/index.ts";
import { altruistic, english, selfish, stagnant, type Language } from "../matrix/languages.ts";

const known: readonly Language[] = [english, ...[altruistic, selfish, stagnant].flat().flatMap((training) => [training, ...training.related])];
const names = new Map(known.map(({ code, name }) => [code, name]));

/** English name of a language code of FLORES-200, such as `zho_Hans`; the code itself where the study does not have it. */
export const languageName = (code: string): string => names.get(code) ?? code;

export type Role = "training" | "related" | "other";

/** Was a category's cells' text in this language, or is it only related to one that was? English is neither. */
export const roleOf = (code: string, category: CategoryName): Role => {
  const { training, related } = categories[category];
  if (training.includes(code)) return "training";
  return related.includes(code) ? "related" : "other";
};

const ofCategory = { Alt: altruistic, Sel: selfish, Stag: stagnant };

/** The languages that a training language of a category is related to and that were not trained on with it. */
export const relatedTo = (code: string, category: CategoryName): string[] =>
  (ofCategory[category].find((training) => training.code === code)?.related ?? []).map((related) => related.code);

/** Codes in the order of the paper's tables: by category, each training language before its relatives. */
const paperOrder = new Map(
  categoryNames.map((category) => {
    return [category, ofCategory[category].flatMap(({ code, related }) => [code, ...related.map((one) => one.code)])] as const;
  }),
);

/** Sorts language codes as the paper does; those that a category does not have come last. */
export const inPaperOrder = (codes: readonly string[], category: CategoryName): string[] => {
  const order = paperOrder.get(category) ?? [];
  const rank = (code: string): number => (order.includes(code) ? order.indexOf(code) : order.length);
  return [...codes].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
};
