import type { Category } from "../jobs/matrix/index.ts";
import { altruisticLanguages, english, selfishLanguages, stagnantLanguages } from "../jobs/matrix/knownLanguages.ts";
import type { Language } from "../jobs/matrix/knownLanguages.ts";

const languagesByCategory = new Map(
  Object.entries({ Alt: altruisticLanguages, Sel: selfishLanguages, Stag: stagnantLanguages }),
);

const studyLanguages: readonly Language[] = [
  english,
  ...[...languagesByCategory.values()].flat().flatMap((training) => [training, ...training.related]),
];
const languageNames = new Map(studyLanguages.map(({ code, name }) => [code, name]));

/** English name of a language code of FLORES-200, such as `zho_Hans`; the code itself where the study does not have it. */
export function findLanguageName(code: string): string {
  return languageNames.get(code) ?? code;
}

export type LanguageRole = "training" | "related" | "other";

/** Was a category's cells' text in this language, or is it only related to one that was? English is neither. */
export function determineLanguageRole(code: string, { training, related }: Category): LanguageRole {
  if (training.includes(code)) return "training";
  return related.includes(code) ? "related" : "other";
}

/**
 * The languages that a training language of a category is related to and that were not trained on with it; none of a
 * category that a stack added: its configuration does not say which language is related to which.
 */
export function listRelatedLanguages(code: string, { name }: Category): string[] {
  return (languagesByCategory.get(name)?.find((training) => training.code === code)?.related ?? []).map(
    (related) => related.code,
  );
}

/** Codes in the order of the paper's tables: by category, each training language before its relatives. */
const paperOrder = new Map(
  [...languagesByCategory].map(([category, languages]) => [
    category,
    languages.flatMap(({ code, related }) => [code, ...related.map((one) => one.code)]),
  ]),
);

/** Sorts language codes as the paper does, or as the configuration of an added category; those that a category does not have come last. */
export function sortInPaperOrder(codes: readonly string[], { name, training, related }: Category): string[] {
  const order = paperOrder.get(name) ?? [...training, ...related];
  const rankLanguage = (code: string): number => (order.includes(code) ? order.indexOf(code) : order.length);
  return [...codes].sort((a, b) => rankLanguage(a) - rankLanguage(b) || a.localeCompare(b));
}
