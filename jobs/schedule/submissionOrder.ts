import type { TrainingTask } from "./schedule.ts";
import { computeLowerBoundHours, scheduleTasks } from "./schedule.ts";

/** The tasks that follow each other on the same nodes, or some of them. */
interface Machine {
  readonly tasks: readonly TrainingTask[];
  readonly hours: number;
}

/** Exchanges end where no schedule can be shorter by more than this share, or when so many lanes were looked at. */
const toleratedGap = 0.0005;
const maxMachineVisits = 20_000;

/** Beginnings that are tried, and tasks in all of them: enough for a few hundred cells, one for ten thousand. */
const maxStarts = 160;
const maxTasksOverAllStarts = 2000;

/** Any tasks at once are exchanged where a lane has at most this many, two where it has more: single ones come close enough in a long one. */
const maxTasksForAllSubsets = 8;
const maxTasksForPairs = 100;

function buildMachine(tasks: readonly TrainingTask[]): Machine {
  return { tasks, hours: tasks.reduce((sum, { hours }) => sum + hours, 0) };
}

/** Longest processing time first: at most 4/3 of the optimum on equal machines (Graham 1969). */
function sortLongestFirst(tasks: readonly TrainingTask[]): TrainingTask[] {
  return [...tasks].sort((a, b) => b.nodes - a.nodes || b.hours - a.hours);
}

function assignMachines(order: readonly TrainingTask[], count: number): Machine[] {
  const lanes: TrainingTask[][] = Array.from({ length: count }, () => []);
  scheduleTasks(order, count).placements.forEach(({ node }, index) => lanes[node]?.push(order[index] as TrainingTask));
  return lanes.map(buildMachine);
}

/** Each choice of some of the tasks, none and all of them among it. */
function listSubsets(tasks: readonly TrainingTask[]): TrainingTask[][] {
  return tasks.reduce<TrainingTask[][]>((sets, task) => [...sets, ...sets.map((set) => [...set, task])], [[]]);
}

/** None of the tasks, one, or two. */
function smallSubsets(tasks: readonly TrainingTask[]): TrainingTask[][] {
  const pairs =
    tasks.length > maxTasksForPairs
      ? []
      : tasks.flatMap((one, index) => tasks.slice(index + 1).map((other) => [one, other]));
  return [[], ...tasks.map((task) => [task]), ...pairs];
}

/** What a lane may give away, the shortest first. */
function listTransferableBundles({ tasks }: Machine): Machine[] {
  const sets = tasks.length <= maxTasksForAllSubsets ? listSubsets(tasks) : smallSubsets(tasks);
  return sets.map(buildMachine).sort((a, b) => a.hours - b.hours);
}

/** The bundle whose length is nearest to `hours`. */
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
  /** Length of the longer of the two lanes afterwards. */
  readonly hours: number;
}

/** The exchange between the longest lane and another one that leaves the longer of them shortest. */
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

function removeTasks({ tasks }: Machine, gone: Machine): TrainingTask[] {
  return tasks.filter((task) => !gone.tasks.includes(task));
}

/** Moves tasks from the longest lane to others as long as that shortens it by more than rounding. */
function rebalance(start: readonly Machine[], enoughHours: number): readonly Machine[] {
  let lanes = start;
  for (let count = 0; count * lanes.length < maxMachineVisits; count += 1) {
    const heavy = lanes.reduce((longest, lane) => (lane.hours > longest.hours ? lane : longest));
    if (heavy.hours <= enoughHours || lanes.length < 2) return lanes;
    const others = lanes.filter((lane) => lane !== heavy);
    const exchange = findBestExchange(heavy, others);
    if (exchange === undefined || exchange.hours > heavy.hours * (1 - 1e-9)) return lanes;
    const { lighter: light, given, taken } = exchange;
    const changed = [
      buildMachine([...removeTasks(heavy, given), ...taken.tasks]),
      buildMachine([...removeTasks(light, taken), ...given.tasks]),
    ];
    lanes = [...others.filter((lane) => lane !== light), ...changed];
  }
  return lanes;
}

/** The tasks in the order in which they start, where each lane begins with its longest. */
function sortByStart(lanes: readonly Machine[]): TrainingTask[] {
  const starts = lanes.flatMap(({ tasks }) => {
    let start = 0;
    return sortLongestFirst(tasks).map((task) => {
      const placed = { task, start };
      start += task.hours;
      return placed;
    });
  });
  return starts.sort((a, b) => a.start - b.start || b.task.hours - a.task.hours).map(({ task }) => task);
}

/** The tasks longest first, as if each were up to twice as long: another place to begin from, the same one every time. */
function perturb(tasks: readonly TrainingTask[], turn: number): TrainingTask[] {
  const seeming = tasks.map((task, index) => ({
    task,
    hours: task.hours * (1 + Math.abs(Math.sin(turn * (index + 1)))),
  }));
  return seeming.sort((a, b) => b.hours - a.hours).map(({ task }) => task);
}

/** The order that ends first of those that exchanges reach from several beginnings. */
function searchBestOrder(simple: readonly TrainingTask[], lanes: number, enough: number): readonly TrainingTask[] {
  const turns = Math.min(maxStarts, Math.ceil(maxTasksOverAllStarts / simple.length));
  let best = { order: simple, hours: scheduleTasks(simple, lanes).makespanHours };
  for (let turn = 0; turn < turns && best.hours > enough; turn += 1) {
    const begun = assignMachines(turn === 0 ? simple : perturb(simple, turn), lanes);
    const order = sortByStart(rebalance(begun, enough));
    const hours = scheduleTasks(order, lanes).makespanHours;
    if (hours < best.hours) best = { order, hours };
  }
  return best.order;
}

/**
 * The order in which to submit cells so that the last one ends early: longest first, then exchanged between nodes
 * as long as that helps. Where cells differ in their number of nodes it is longest first alone, widest before all.
 * Never later than longest first. n log n in the number of cells.
 * @throws RangeError if a cell needs more nodes than there are
 */
export function computeSubmissionOrder(tasks: readonly TrainingTask[], nodeCount: number): TrainingTask[] {
  const simple = sortLongestFirst(tasks);
  const width = simple[0]?.nodes ?? 1;
  const enough = computeLowerBoundHours(tasks, nodeCount) * (1 + toleratedGap);
  if (scheduleTasks(simple, nodeCount).makespanHours <= enough || simple.some(({ nodes }) => nodes !== width))
    return simple;
  const oneWide = simple.map((task) => ({ ...task, nodes: 1 }));
  return searchBestOrder(oneWide, Math.floor(nodeCount / width), enough).map((task) => ({ ...task, nodes: width }));
}
