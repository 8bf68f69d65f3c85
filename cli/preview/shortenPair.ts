/** The most characters of a value that are shown. */
const maxCharacters = 40;

/** Characters before the first difference that are kept, so that a reader recognizes the value. */
const leadingCharacters = 16;

function countCommonCharacters(first: string, second: string): number {
  let count = 0;
  while (count < first.length && first[count] === second[count]) count++;
  return count;
}

function cutAround(text: string, start: number): string {
  const end = start + maxCharacters;
  return `${start > 0 ? "…" : ""}${text.slice(start, end)}${end < text.length ? "…" : ""}`;
}

/** Shortens two different values to the part around their first difference, so that they differ in what is shown. */
export function shortenPair(first: string, second: string): readonly [string, string] {
  if (Math.max(first.length, second.length) <= maxCharacters) return [first, second];
  const start = Math.max(0, countCommonCharacters(first, second) - leadingCharacters);
  return [cutAround(first, start), cutAround(second, start)];
}
