/** Returns the Levenshtein distance: the number of single-character edits that turn one word into the other. */
export function computeEditDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (const [column, otherLetter] of [...b].entries()) {
      const replaced = (row[column] ?? 0) + (letter === otherLetter ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** Returns the most similar allowed word, or undefined if every word differs by more than a typing mistake. */
export function findNearestWord(word: string, allowed: readonly string[]): string | undefined {
  const ranked = allowed
    .map((candidate) => ({ candidate, distance: computeEditDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.max(2, 0.4 * word.length) ? best.candidate : undefined;
}

/** Selects the words that are most similar to one, at most a number of them, in their own order. */
export function listNearestWords(word: string, words: readonly string[], count: number): string[] {
  const distances = new Map(words.map((one) => [one, computeEditDistance(word.toLowerCase(), one.toLowerCase())]));
  const getDistance = (one: string): number => distances.get(one) ?? 0;
  const nearest = new Set(words.toSorted((a, b) => getDistance(a) - getDistance(b)).slice(0, count));
  return words.filter((one) => nearest.has(one));
}

/** Suggests the word that was probably meant: `; did you mean "b"?`; empty if none is similar. */
export function formatSuggestion(word: string, allowed: readonly string[]): string {
  const nearest = findNearestWord(word, allowed);
  return nearest === undefined ? "" : `; did you mean "${nearest}"?`;
}

/** Lists the allowed words and suggests one: `allowed: a, b, c; did you mean "b"?`. */
export function formatAllowedWords(word: unknown, allowed: readonly string[]): string {
  const list = allowed.length === 0 ? "none" : allowed.join(", ");
  return `allowed: ${list}${typeof word === "string" ? formatSuggestion(word, allowed) : ""}`;
}
