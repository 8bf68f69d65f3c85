/** A task that occupies whole nodes for a time: the training of one cell. */
export interface TrainingTask {
  readonly id: string;
  readonly hours: number;
  readonly nodes: number;
  /** Hours for which the evaluation of one checkpoint occupies one node; 0 if omitted. */
  readonly evaluationHours?: number;
  /** Hours of training after which the evaluated checkpoints before the last one are written; none if omitted. */
  readonly earlierCheckpoints?: readonly number[];
}

export interface Placement {
  readonly id: string;
  /** Hours after the first cell starts. */
  readonly start: number;
  /** End of the training, after which its last checkpoint is evaluated. */
  readonly end: number;
  /** 1 for a cell that starts at once, 2 for one that follows such a cell on its nodes, and so on. */
  readonly wave: number;
  /** Index of the node, or of the first one of several. */
  readonly node: number;
}

interface Schedule {
  readonly placements: readonly Placement[];
  /** Hours until the last checkpoint is evaluated. */
  readonly makespanHours: number;
}

interface ScheduledNode {
  readonly index: number;
  /** Hour from which the node is free. */
  readonly fromHour: number;
  readonly wave: number;
}

interface PendingEvaluation {
  /** Hour at which the checkpoint is written. */
  readonly fromHour: number;
  readonly hours: number;
}

/** Inserts an item into a list that is sorted by `fromHour`, after those of the same hour. */
function insertByHour<Item extends { readonly fromHour: number }>(items: Item[], item: Item): void {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.fromHour ?? 0) <= item.fromHour) low = middle + 1;
    else high = middle;
  }
  items.splice(low, 0, item);
}

/** Occupies the node that is free first with an evaluation. */
function evaluateOnFirstNode(nodes: ScheduledNode[], { fromHour, hours }: PendingEvaluation): void {
  const node = nodes.shift();
  if (node !== undefined) insertByHour(nodes, { ...node, fromHour: Math.max(node.fromHour, fromHour) + hours });
}

/** Builds the nodes, sorted by the hour from which they are free of the evaluations before all trainings. */
function buildNodes(nodeCount: number, baseHours: readonly number[]): ScheduledNode[] {
  const nodes: ScheduledNode[] = Array.from({ length: nodeCount }, (_, index) => ({ index, fromHour: 0, wave: 0 }));
  for (const hours of baseHours) evaluateOnFirstNode(nodes, { fromHour: 0, hours });
  return nodes;
}

/** Computes the hours for which each node, by index, evaluates base models before its first training. */
export function computeBaseLoads(nodeCount: number, baseHours: readonly number[]): number[] {
  const nodes = buildNodes(nodeCount, baseHours).sort((a, b) => a.index - b.index);
  return nodes.map(({ fromHour }) => fromHour);
}

/** Lists the evaluations of a task that starts at an hour. */
function listEvaluations(
  { hours, evaluationHours = 0, earlierCheckpoints = [] }: TrainingTask,
  start: number,
): PendingEvaluation[] {
  if (evaluationHours === 0) return [];
  return [...earlierCheckpoints, hours].map((after) => ({ fromHour: start + after, hours: evaluationHours }));
}

/**
 * Schedules tasks as Kueue does if they are submitted in this order: each training starts as soon as enough nodes are
 * free. Evaluations come before further trainings: each takes the first node that is free once its checkpoint is
 * written. Those of base models, for `baseHours` each, come before the first training, as if all wait together.
 * @throws RangeError if a cell needs more nodes than the cluster has
 */
export function scheduleTasks(
  tasks: readonly TrainingTask[],
  nodeCount: number,
  baseHours: readonly number[] = [],
): Schedule {
  const nodes = buildNodes(nodeCount, baseHours);
  const pending: PendingEvaluation[] = [];
  const evaluateUntil = (readStart: () => number): void => {
    for (let next = pending[0]; next !== undefined && next.fromHour <= readStart(); next = pending[0]) {
      pending.shift();
      evaluateOnFirstNode(nodes, next);
    }
  };
  const placements = tasks.map((task): Placement => {
    const { id, hours, nodes: needed } = task;
    if (needed > nodeCount)
      throw new RangeError(`${id} needs ${String(needed)} nodes, but the cluster has ${String(nodeCount)}`);
    evaluateUntil(() => nodes[needed - 1]?.fromHour ?? 0);
    const assigned = nodes.splice(0, needed);
    const start = assigned.at(-1)?.fromHour ?? 0;
    const wave = 1 + Math.max(...assigned.map((node) => node.wave));
    for (const { index } of assigned) insertByHour(nodes, { index, fromHour: start + hours, wave });
    for (const evaluation of listEvaluations(task, start)) insertByHour(pending, evaluation);
    return { id, start, end: start + hours, wave, node: assigned[0]?.index ?? 0 };
  });
  evaluateUntil(() => Infinity);
  return { placements, makespanHours: nodes.reduce((latest, { fromHour }) => Math.max(latest, fromHour), 0) };
}

/** Computes the hours from the start of a task until its last checkpoint is evaluated, if that does not wait. */
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
 * Computes a lower bound of the makespan: all work spread evenly over the nodes, the longest cell with its last
 * evaluation (Graham 1969), and, if all cells need the same number of nodes, the trainings that some machine
 * must take one after the other, with the evaluation of the last one. A machine is a node, or as many nodes as a cell
 * needs. Evaluations of earlier checkpoints need not wait for the training to end: they are only work.
 */
export function computeLowerBoundHours(
  tasks: readonly TrainingTask[],
  nodeCount: number,
  baseHours: readonly number[] = [],
): number {
  const trainingWork = tasks.reduce((sum, { hours, nodes }) => sum + hours * nodes, 0);
  const evaluations = [...baseHours, ...tasks.flatMap((task) => listEvaluations(task, 0).map(({ hours }) => hours))];
  const evaluationWork = evaluations.reduce((sum, hours) => sum + hours, 0);
  const [width = 1, ...otherWidths] = new Set(tasks.map(({ nodes }) => nodes));
  // With infinitely many machines no cell follows another, which leaves the longest one as the bound.
  // A cell that needs more nodes than the cluster has counts here; scheduleTasks refuses it.
  const machineCount = otherWidths.length === 0 ? Math.max(1, Math.floor(nodeCount / width)) : Infinity;
  const trainingHours = tasks.map(({ hours }) => hours);
  const crowded = computeCrowdedHours(trainingHours, machineCount);
  return tasks.reduce(
    (bound, task) => Math.max(bound, computeOccupiedHours(task)),
    Math.max((trainingWork + evaluationWork) / nodeCount, crowded + findShortestEvaluation(tasks)),
  );
}

function findShortestEvaluation(tasks: readonly TrainingTask[]): number {
  const [first, ...others] = tasks.map(({ evaluationHours = 0 }) => evaluationHours);
  return others.reduce((shortest, hours) => Math.min(shortest, hours), first ?? 0);
}
