/** Two nodes that are tested together, in the order of their names. */
export type NodePair = readonly [first: string, second: string];

/**
 * Pairs each node with its neighbor on a ring over the sorted names: every node is in two pairs, so that one with a
 * slow link shows in both. Two nodes are one pair.
 */
export function pairNeighbors(nodes: readonly string[]): NodePair[] {
  const sorted = [...nodes].sort();
  const [first] = sorted;
  if (first === undefined || sorted.length === 1) return [];
  const line = sorted.slice(1).map((node, index): NodePair => [sorted[index] ?? node, node]);
  const last = sorted.at(-1) ?? first;
  return sorted.length === 2 ? line : [...line, [first, last]];
}

/** Lists every pair of nodes, of which there are n(n-1)/2. */
export function listAllPairs(nodes: readonly string[]): NodePair[] {
  const sorted = [...nodes].sort();
  return sorted.flatMap((first, index) => sorted.slice(index + 1).map((second): NodePair => [first, second]));
}
