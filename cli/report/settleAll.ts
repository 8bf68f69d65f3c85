function describeRejection(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}

/** Does something for each item; what went wrong with several of them is said at once. @throws Error with every message */
export async function settleAll<Item, Value>(
  items: readonly Item[],
  work: (item: Item) => Promise<Value>,
): Promise<Value[]> {
  const settled = await Promise.allSettled(items.map(work));
  const problems = settled.flatMap((one) => (one.status === "rejected" ? [describeRejection(one.reason)] : []));
  if (problems.length > 0) throw new Error([...new Set(problems)].join("\n"));
  return settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
}
