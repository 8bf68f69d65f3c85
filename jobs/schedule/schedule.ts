/** A task that occupies whole nodes for a time: the training of one cell. */
export interface TrainingTask {
  readonly id: string;
  readonly hours: number;
  readonly nodes: number;
  /** Hours for which the evaluation of the cell then occupies one of these nodes; 0 if omitted. */
  readonly evaluationHours?: number;
}

export interface Placement {
  readonly id: string;
  /** Hours after the first cell starts. */
  readonly start: number;
  /** End of the training, after which the cell is evaluated. */
  readonly end: number;
  /** 1 for a cell that starts at once, 2 for one that follows such a cell on its nodes, and so on. */
  readonly wave: number;
  /** Index of the node, or of the first one of several. */
  readonly node: number;
}

interface Schedule {
  readonly placements: readonly Placement[];
  /** Hours until the last cell is evaluated. */
  readonly makespanHours: number;
}

interface ScheduledNode {
  readonly index: number;
  readonly freeFromHour: number;
  readonly wave: number;
}

/** Inserts a node into a list that is sorted by `freeFromHour`. */
function insertByFreeHour(nodes: ScheduledNode[], node: ScheduledNode): void {
  let [low, high] = [0, nodes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((nodes[middle]?.freeFromHour ?? 0) <= node.freeFromHour) low = middle + 1;
    else high = middle;
  }
  nodes.splice(low, 0, node);
}

/** Builds the nodes, of which those with the least work first take one of the evaluations before all trainings. */
function buildNodes(nodeCount: number, baseHours: readonly number[]): ScheduledNode[] {
  const nodes: ScheduledNode[] = Array.from({ length: nodeCount }, (_, index) => ({ index, freeFromHour: 0, wave: 0 }));
  for (const hours of baseHours)
    for (const { index, freeFromHour, wave } of nodes.splice(0, 1))
      insertByFreeHour(nodes, { index, freeFromHour: freeFromHour + hours, wave });
  return nodes;
}

/**
 * Schedules tasks as Kueue does if they are submitted in this order: each training starts as soon as enough nodes are
 * free. Evaluations come before further trainings: that of a cell takes one of the nodes that its training leaves, and
 * those of base models, for `baseHours` each, come before the first training.
 * @throws RangeError if a cell needs more nodes than the cluster has
 */
export function scheduleTasks(
  tasks: readonly TrainingTask[],
  nodeCount: number,
  baseHours: readonly number[] = [],
): Schedule {
  const nodes = buildNodes(nodeCount, baseHours);
  const placements = tasks.map(({ id, hours, nodes: needed, evaluationHours = 0 }): Placement => {
    if (needed > nodeCount)
      throw new RangeError(`${id} needs ${String(needed)} nodes, but the cluster has ${String(nodeCount)}`);
    const assigned = nodes.splice(0, needed);
    const start = assigned.at(-1)?.freeFromHour ?? 0;
    const end = start + hours;
    const wave = 1 + Math.max(...assigned.map((node) => node.wave));
    assigned.forEach(({ index }, place) => {
      insertByFreeHour(nodes, { index, freeFromHour: place === 0 ? end + evaluationHours : end, wave });
    });
    return { id, start, end, wave, node: assigned[0]?.index ?? 0 };
  });
  return { placements, makespanHours: nodes.reduce((latest, { freeFromHour }) => Math.max(latest, freeFromHour), 0) };
}

/** Hours for which a task occupies the first of its nodes. */
export function computeOccupiedHours({ hours, evaluationHours = 0 }: TrainingTask): number {
  return hours + evaluationHours;
}

/**
 * Computes the hours for which the fullest machine works at least. Among the longest `k · machines + 1` cells, some
 * machine has `k + 1`, which together take at least as long as the shortest `k + 1` of them (Dell'Amico and Martello
 * 1995, on equal machines).
 */
function computeCrowdedHours(hours: readonly number[], machineCount: number): number {
  const longestFirst = hours.toSorted((a, b) => b - a);
  const prefixSums = [0];
  for (const one of longestFirst) prefixSums.push((prefixSums.at(-1) ?? 0) + one);
  let longest = 0;
  for (let last = 0, count = 1; last < hours.length; last += machineCount, count += 1) {
    longest = Math.max(longest, (prefixSums[last + 1] ?? 0) - (prefixSums[last + 1 - count] ?? 0));
  }
  return longest;
}

/**
 * Computes a lower bound of the makespan: all work spread evenly over the nodes, the longest cell (Graham 1969), and,
 * if all cells need the same number of nodes, the cells that some machine must take one after the other. A machine is a
 * node, or as many nodes as a cell needs. Of several nodes, an evaluation occupies only one.
 */
export function computeLowerBoundHours(
  tasks: readonly TrainingTask[],
  nodeCount: number,
  baseHours: readonly number[] = [],
): number {
  const trainingWork = tasks.reduce((sum, { hours, nodes }) => sum + hours * nodes, 0);
  const evaluationWork = tasks.reduce((sum, { evaluationHours = 0 }) => sum + evaluationHours, 0);
  const baseWork = baseHours.reduce((sum, hours) => sum + hours, 0);
  const [width = 1, ...otherWidths] = new Set(tasks.map(({ nodes }) => nodes));
  const hours = tasks.map((task) => (width === 1 ? computeOccupiedHours(task) : task.hours));
  // With infinitely many machines no cell follows another, which leaves the longest one as the bound.
  // A cell that needs more nodes than the cluster has counts here; scheduleTasks refuses it.
  const machineCount = otherWidths.length === 0 ? Math.max(1, Math.floor(nodeCount / width)) : Infinity;
  const evenlySpread = (trainingWork + evaluationWork + baseWork) / nodeCount;
  return Math.max(evenlySpread, computeCrowdedHours(hours, machineCount));
}
