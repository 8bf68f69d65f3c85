/** Work that takes whole nodes for a time: one cell. */
export interface Task {
  id: string;
  hours: number;
  nodes: number;
}

export interface Placement {
  id: string;
  /** Hours after the first cell starts. */
  start: number;
  end: number;
  /** 1 for a cell that starts at once, 2 for one that follows such a cell on its nodes, and so on. */
  wave: number;
  /** Number of the (first) node that it runs on. */
  node: number;
}

export interface Schedule {
  placements: readonly Placement[];
  makespanHours: number;
}

interface Node {
  index: number;
  /** Hour from which it is free. */
  free: number;
  wave: number;
}

/** Puts a node back among the others, which are sorted by the hour at which they are free. */
function putBack(nodes: Node[], node: Node): void {
  let [low, high] = [0, nodes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((nodes[middle]?.free ?? 0) <= node.free) low = middle + 1;
    else high = middle;
  }
  nodes.splice(low, 0, node);
}

/**
 * What Kueue does with cells that are submitted in this order: each starts as soon as enough nodes are free.
 * @throws RangeError if a cell needs more nodes than there are
 */
export function schedule(tasks: readonly Task[], nodeCount: number): Schedule {
  const nodes: Node[] = Array.from({ length: nodeCount }, (_, index) => ({ index, free: 0, wave: 0 }));
  const placements = tasks.map(({ id, hours, nodes: wanted }): Placement => {
    if (wanted > nodeCount) throw new RangeError(`${id} needs ${String(wanted)} nodes, and there are ${String(nodeCount)}`);
    const taken = nodes.splice(0, wanted);
    const start = taken.at(-1)?.free ?? 0;
    const end = start + hours;
    const wave = 1 + Math.max(...taken.map((node) => node.wave));
    for (const { index } of taken) putBack(nodes, { index, free: end, wave });
    return { id, start, end, wave, node: taken[0]?.index ?? 0 };
  });
  return { placements, makespanHours: placements.reduce((latest, { end }) => Math.max(latest, end), 0) };
}

/** No schedule is shorter than the longest cell, nor than all work spread evenly over the nodes (Graham 1969). */
export function lowerBoundHours(tasks: readonly Task[], nodeCount: number): number {
  const work = tasks.reduce((sum, { hours, nodes }) => sum + hours * nodes, 0);
  return tasks.reduce((longest, { hours }) => Math.max(longest, hours), work / nodeCount);
}
