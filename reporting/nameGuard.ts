/** Returns true if a text is one of some known names, and narrows its type to them. */
export function isNameIn<Name extends string>(names: readonly Name[], text: string): text is Name {
  return names.some((name) => name === text);
}
