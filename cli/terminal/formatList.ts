/** `1 cell`, `2 cells` */
export function formatCount(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `a, b and 3 more`: the first `limit` items, then the number of the others. */
export function formatFirstItems(
  items: readonly string[],
  { limit, separator = ", " }: { limit: number; separator?: string },
): string {
  const listed = items.slice(0, limit).join(separator);
  return items.length > limit ? `${listed} and ${String(items.length - limit)} more` : listed;
}
