/** Work that takes whole nodes for a time: one cell. */
export interface TrainingTask {
  readonly id: string;
  readonly hours: number;
  readonly nodes: number;
}

export interface Placement {
  readonly id: string;
  /** Hours after the first cell starts. */
  readonly start: number;
  readonly end: number;
  /** 1 for a cell that starts at once, 2 for one that follows such a cell on its nodes, and so on. */
  readonly wave: number;
  /** Number of the (first) node that it runs on. */
  readonly node: number;
}

export interface Schedule {
  readonly placements: readonly Placement[];
  readonly makespanHours: number;
}

interface ScheduledNode {
  readonly index: number;
  /** Hour from which it is free. */
  readonly free: number;
  readonly wave: number;
}

/** Puts a node back among the others, which are sorted by the hour at which they are free. */
function insertByFreeHour(nodes: ScheduledNode[], node: ScheduledNode): void {
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
export function scheduleTasks(tasks: readonly TrainingTask[], nodeCount: number): Schedule {
  const nodes: ScheduledNode[] = Array.from({ length: nodeCount }, (_, index) => ({ index, free: 0, wave: 0 }));
  const placements = tasks.map(({ id, hours, nodes: wanted }): Placement => {
    if (wanted > nodeCount)
      throw new RangeError(`${id} needs ${String(wanted)} nodes, and there are ${String(nodeCount)}`);
    const taken = nodes.splice(0, wanted);
    const start = taken.at(-1)?.free ?? 0;
    const end = start + hours;
    const wave = 1 + Math.max(...taken.map((node) => node.wave));
    for (const { index } of taken) insertByFreeHour(nodes, { index, free: end, wave });
    return { id, start, end, wave, node: taken[0]?.index ?? 0 };
  });
  return { placements, makespanHours: placements.reduce((latest, { end }) => Math.max(latest, end), 0) };
}

/**
 * Of the longest `k · lanes + 1` cells some lane has `k + 1`, which together take at least as long as the shortest
 * `k + 1` of them (Dell'Amico and Martello 1995, on equal machines).
 */
function computeCrowdedHours(hours: readonly number[], lanes: number): number {
  const longestFirst = hours.toSorted((a, b) => b - a);
  const before = [0];
  for (const one of longestFirst) before.push((before.at(-1) ?? 0) + one);
  let longest = 0;
  for (let last = 0, count = 1; last < hours.length; last += lanes, count += 1) {
    longest = Math.max(longest, (before[last + 1] ?? 0) - (before[last + 1 - count] ?? 0));
  }
  return longest;
}

/**
 * No schedule is shorter than all work spread evenly over the nodes, nor than the longest cell (Graham 1969), nor, where
 * all cells are equally wide, than the cells that some node must take one after the other.
 */
export function computeLowerBoundHours(tasks: readonly TrainingTask[], nodeCount: number): number {
  const work = tasks.reduce((sum, { hours, nodes }) => sum + hours * nodes, 0);
  const [width = 1, ...others] = new Set(tasks.map(({ nodes }) => nodes));
  const hours = tasks.map((task) => task.hours);
  // in lanes without an end no cell follows another: that leaves the longest; a cell that is too wide is the schedule's to refuse
  const lanes = others.length === 0 ? Math.max(1, Math.floor(nodeCount / width)) : Infinity;
  return Math.max(work / nodeCount, computeCrowdedHours(hours, lanes));
}
