function formatRejection(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}

/**
 * Runs some work for each item at the same time and waits for all of it.
 * @throws Error with the distinct messages of all items that failed
 */
export async function settleAll<Item, Value>(
  items: readonly Item[],
  work: (item: Item) => Promise<Value>,
): Promise<Value[]> {
  const settled = await Promise.allSettled(items.map(work));
  const problems = settled.flatMap((result) => (result.status === "rejected" ? [formatRejection(result.reason)] : []));
  if (problems.length > 0) throw new Error([...new Set(problems)].join("\n"));
  return settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}
