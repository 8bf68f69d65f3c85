import type { TrainingTask } from "./schedule.ts";
import { computeBaseLoads, computeLowerBoundHours, computeOccupiedHours, scheduleTasks } from "./schedule.ts";

/**
 * Tasks that follow each other on the same nodes, or some of them. "Machine" is the scheduling literature's word for
 * what runs one task at a time: here a node, or a group of nodes that train one cell together.
 */
interface Machine {
  readonly tasks: readonly TrainingTask[];
  /** Hours for which the machine evaluates base models before its first task. */
  readonly baseHours: number;
  /** All of its hours. */
  readonly hours: number;
}

/** The search ends within this share of the lower bound, or after this many visits of a machine. */
const toleratedGap = 0.0005;
const maxMachineVisits = 20_000;

/** Limits of the starting orders, and of the tasks in all of them: 160 starts for a dozen cells, one for 2,000. */
const maxStarts = 160;
const maxTasksOverAllStarts = 2000;

/**
 * Largest machines of which any subset of tasks, or any pair, may be exchanged at once. On larger ones exchanges of
 * single tasks come close enough.
 */
const maxTasksForAllSubsets = 8;
const maxTasksForPairs = 100;

function buildMachine(tasks: readonly TrainingTask[], baseHours = 0): Machine {
  return { tasks, baseHours, hours: tasks.reduce((sum, task) => sum + computeOccupiedHours(task), baseHours) };
}

/** Sorts by processing time, longest first: at most 4/3 of the optimum on equal machines (Graham 1969). */
function sortLongestFirst(tasks: readonly TrainingTask[]): TrainingTask[] {
  return [...tasks].sort((a, b) => b.nodes - a.nodes || computeOccupiedHours(b) - computeOccupiedHours(a));
}

function assignMachines(order: readonly TrainingTask[], count: number, baseHours: readonly number[]): Machine[] {
  const machines: TrainingTask[][] = Array.from({ length: count }, () => []);
  scheduleTasks(order, count, baseHours).placements.forEach(({ node }, index) =>
    machines[node]?.push(order[index] as TrainingTask),
  );
  const baseLoads = computeBaseLoads(count, baseHours);
  return machines.map((tasks, index) => buildMachine(tasks, baseLoads[index]));
}

/** Lists all subsets of the tasks, including none and all of them. */
function listSubsets(tasks: readonly TrainingTask[]): TrainingTask[][] {
  return tasks.reduce<TrainingTask[][]>((sets, task) => [...sets, ...sets.map((set) => [...set, task])], [[]]);
}

/** The subsets of no task, of one, and of two. */
function smallSubsets(tasks: readonly TrainingTask[]): TrainingTask[][] {
  const pairs =
    tasks.length > maxTasksForPairs
      ? []
      : tasks.flatMap((one, index) => tasks.slice(index + 1).map((other) => [one, other]));
  return [[], ...tasks.map((task) => [task]), ...pairs];
}

/** Lists the bundles of tasks that a machine may give away, shortest first. */
function listTransferableBundles({ tasks }: Machine): Machine[] {
  const sets = tasks.length <= maxTasksForAllSubsets ? listSubsets(tasks) : smallSubsets(tasks);
  return sets.map((set) => buildMachine(set)).sort((a, b) => a.hours - b.hours);
}

/** Finds the bundle whose length is nearest to `hours`. */
function findNearestBundle(sorted: readonly Machine[], hours: number): Machine | undefined {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.hours ?? 0) < hours) low = middle + 1;
    else high = middle;
  }
  const [below, above] = [sorted[low - 1], sorted[low]];
  if (below === undefined || above === undefined) return below ?? above;
  return hours - below.hours < above.hours - hours ? below : above;
}

interface TaskExchange {
  readonly lighter: Machine;
  readonly given: Machine;
  readonly taken: Machine;
  /** Hours of the longer of the two machines afterwards. */
  readonly hours: number;
}

/** Finds the exchange between the longest machine and another one that leaves the longer of them shortest. */
function findBestExchange(heavy: Machine, others: readonly Machine[]): TaskExchange | undefined {
  const offers = listTransferableBundles(heavy);
  const exchanges = others.flatMap((light) => {
    const wanted = listTransferableBundles(light);
    return offers.map((given): TaskExchange => {
      const taken = findNearestBundle(wanted, given.hours - (heavy.hours - light.hours) / 2) ?? buildMachine([]);
      const moved = given.hours - taken.hours;
      return { lighter: light, given, taken, hours: Math.max(heavy.hours - moved, light.hours + moved) };
    });
  });
  return exchanges.reduce(
    (best, exchange) => (exchange.hours < best.hours ? exchange : best),
    exchanges[0] as TaskExchange,
  );
}

function removeTasks({ tasks }: Machine, removed: Machine): TrainingTask[] {
  return tasks.filter((task) => !removed.tasks.includes(task));
}

/** Moves tasks from the longest machine to others as long as that shortens it by more than rounding. */
function rebalance(start: readonly Machine[], enoughHours: number): readonly Machine[] {
  let machines = start;
  for (let count = 0; count * machines.length < maxMachineVisits; count += 1) {
    const heavy = machines.reduce((longest, machine) => (machine.hours > longest.hours ? machine : longest));
    if (heavy.hours <= enoughHours || machines.length < 2) return machines;
    const others = machines.filter((machine) => machine !== heavy);
    const exchange = findBestExchange(heavy, others);
    if (exchange === undefined || exchange.hours > heavy.hours * (1 - 1e-9)) return machines;
    const { lighter, given, taken } = exchange;
    const changed = [
      buildMachine([...removeTasks(heavy, given), ...taken.tasks], heavy.baseHours),
      buildMachine([...removeTasks(lighter, taken), ...given.tasks], lighter.baseHours),
    ];
    machines = [...others.filter((machine) => machine !== lighter), ...changed];
  }
  return machines;
}

/** Sorts tasks by their start if each machine begins with its longest. */
function sortByStart(machines: readonly Machine[]): TrainingTask[] {
  const starts = machines.flatMap(({ tasks, baseHours }) => {
    let start = baseHours;
    return sortLongestFirst(tasks).map((task) => {
      const placed = { task, start };
      start += computeOccupiedHours(task);
      return placed;
    });
  });
  return starts
    .sort((a, b) => a.start - b.start || computeOccupiedHours(b.task) - computeOccupiedHours(a.task))
    .map(({ task }) => task);
}

/**
 * Sorts tasks longest first as if each were up to twice as long: another starting order for the search. It depends on
 * the turn alone, so that a stack always has the same order.
 */
function perturb(tasks: readonly TrainingTask[], turn: number): TrainingTask[] {
  const perturbed = tasks.map((task, index) => ({
    task,
    hours: computeOccupiedHours(task) * (1 + Math.abs(Math.sin(turn * (index + 1)))),
  }));
  return perturbed.sort((a, b) => b.hours - a.hours).map(({ task }) => task);
}

interface OrderSearch {
  readonly longestFirst: readonly TrainingTask[];
  readonly machineCount: number;
  readonly baseHours: readonly number[];
  readonly enoughHours: number;
}

/** Finds the order with the shortest makespan among those that exchanges reach from several starting orders. */
function searchBestOrder({ longestFirst, machineCount, baseHours, enoughHours }: OrderSearch): readonly TrainingTask[] {
  const computeMakespan = (order: readonly TrainingTask[]): number =>
    scheduleTasks(order, machineCount, baseHours).makespanHours;
  const turns = Math.min(maxStarts, Math.ceil(maxTasksOverAllStarts / longestFirst.length));
  let best = { order: longestFirst, hours: computeMakespan(longestFirst) };
  for (let turn = 0; turn < turns && best.hours > enoughHours; turn += 1) {
    const machines = assignMachines(turn === 0 ? longestFirst : perturb(longestFirst, turn), machineCount, baseHours);
    const order = sortByStart(rebalance(machines, enoughHours));
    const hours = computeMakespan(order);
    if (hours < best.hours) best = { order, hours };
  }
  return best.order;
}

/**
 * Computes the order in which to submit cells so that the last one ends early: longest first, then improved by
 * exchanges between nodes. If cells differ in their number of nodes, the order is longest first within each number,
 * widest cells first. The makespan is never longer than with longest first. O(n log n) in the number of cells.
 * @param baseHours hours of the evaluations of base models, which come before the trainings
 * @throws RangeError if a cell needs more nodes than the cluster has
 */
export function computeSubmissionOrder(
  tasks: readonly TrainingTask[],
  nodeCount: number,
  baseHours: readonly number[] = [],
): TrainingTask[] {
  const computeMakespan = (order: readonly TrainingTask[]): number =>
    scheduleTasks(order, nodeCount, baseHours).makespanHours;
  const longestFirst = sortLongestFirst(tasks);
  const width = longestFirst[0]?.nodes ?? 1;
  const enoughHours = computeLowerBoundHours(tasks, nodeCount, baseHours) * (1 + toleratedGap);
  if (computeMakespan(longestFirst) <= enoughHours) return longestFirst;
  if (longestFirst.some(({ nodes }) => nodes !== width)) return longestFirst;
  const narrowOrder = searchBestOrder({
    longestFirst: longestFirst.map((task) => ({ ...task, nodes: 1 })),
    machineCount: Math.floor(nodeCount / width),
    baseHours,
    enoughHours,
  });
  const order = narrowOrder.map((task) => ({ ...task, nodes: width }));
  // The search takes the nodes of a cell as one, but an evaluation occupies only one of them.
  return computeMakespan(order) <= computeMakespan(longestFirst) ? order : longestFirst;
}
