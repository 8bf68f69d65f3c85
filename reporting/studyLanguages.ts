import type { Category } from "../jobs/matrix/index.ts";
import {
  altruisticLanguages,
  knownLanguages,
  selfishLanguages,
  stagnantLanguages,
} from "../jobs/matrix/knownLanguages.ts";

const languageNames = new Map(knownLanguages.map(({ code, name }) => [code, name]));

/** English name of a FLORES-200 language code such as `zho_Hans`; the code itself if the study does not have it. */
export function findLanguageName(code: string): string {
  return languageNames.get(code) ?? code;
}

type LanguageRole = "training" | "related" | "other";

/** The role of a language in a category: trained on, related to a training language, or neither, such as English. */
export function determineLanguageRole(code: string, { training, related }: Category): LanguageRole {
  if (training.includes(code)) return "training";
  return related.includes(code) ? "related" : "other";
}

const languagesByCategory = new Map(
  Object.entries({ Alt: altruisticLanguages, Sel: selfishLanguages, Stag: stagnantLanguages }),
);

/**
 * The languages that are related to a training language of a category and were not trained on with it. Empty for a
 * category that a stack added, because its configuration does not assign related languages to training languages.
 */
export function listRelatedLanguages(code: string, { name }: Category): string[] {
  const language = languagesByCategory.get(name)?.find((training) => training.code === code);
  return (language?.related ?? []).map((related) => related.code);
}

/** Codes by category in the order of the paper's tables: each training language before its relatives. */
const paperOrder = new Map(
  [...languagesByCategory].map(([category, languages]) => [
    category,
    languages.flatMap(({ code, related }) => [code, ...related.map((relative) => relative.code)]),
  ]),
);

/**
 * Sorts language codes in the order of the paper, or of the configuration for an added category. Codes that the
 * category does not have come last.
 */
export function sortInPaperOrder(codes: readonly string[], { name, training, related }: Category): string[] {
  const order = paperOrder.get(name) ?? [...training, ...related];
  const rankLanguage = (code: string): number => (order.includes(code) ? order.indexOf(code) : order.length);
  return [...codes].sort((a, b) => rankLanguage(a) - rankLanguage(b) || a.localeCompare(b, "en"));
}
