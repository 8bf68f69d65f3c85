import type { Task } from "./schedule.ts";
import { lowerBoundHours, schedule } from "./schedule.ts";

/** The tasks that follow each other on the same nodes, or some of them. */
interface Lane {
  tasks: readonly Task[];
  hours: number;
}

/** Exchanges end where no schedule can be shorter by more than this share, or when so many lanes were looked at. */
const goodEnough = 0.0005;
const mostLanes = 20_000;

/** Beginnings that are tried, and tasks in all of them: enough for a few hundred cells, one for ten thousand. */
const mostTurns = 160;
const mostTasks = 2000;

/** Any tasks at once are exchanged where a lane has at most this many, two where it has more: single ones come close enough in a long one. */
const longestLaneForAny = 8;
const longestLaneForPairs = 100;

const laneOf = (tasks: readonly Task[]): Lane => ({ tasks, hours: tasks.reduce((sum, { hours }) => sum + hours, 0) });

/** Longest processing time first: at most 4/3 of the optimum on equal machines (Graham 1969). */
function longestFirst(tasks: readonly Task[]): Task[] {
  return [...tasks].sort((a, b) => b.nodes - a.nodes || b.hours - a.hours);
}

function lanesOf(order: readonly Task[], count: number): Lane[] {
  const lanes: Task[][] = Array.from({ length: count }, () => []);
  schedule(order, count).placements.forEach(({ node }, index) => lanes[node]?.push(order[index] as Task));
  return lanes.map(laneOf);
}

/** Each choice of some of the tasks, none and all of them among it. */
function choices(tasks: readonly Task[]): Task[][] {
  return tasks.reduce<Task[][]>((sets, task) => [...sets, ...sets.map((set) => [...set, task])], [[]]);
}

/** None of the tasks, one, or two. */
function fewOf(tasks: readonly Task[]): Task[][] {
  const pairs = tasks.length > longestLaneForPairs ? [] : tasks.flatMap((one, index) => tasks.slice(index + 1).map((other) => [one, other]));
  return [[], ...tasks.map((task) => [task]), ...pairs];
}

/** What a lane may give away, the shortest first. */
function bundles({ tasks }: Lane): Lane[] {
  const sets = tasks.length <= longestLaneForAny ? choices(tasks) : fewOf(tasks);
  return sets.map(laneOf).sort((a, b) => a.hours - b.hours);
}

/** The bundle whose length is nearest to `hours`. */
function nearest(sorted: readonly Lane[], hours: number): Lane | undefined {
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

interface Exchange {
  light: Lane;
  given: Lane;
  taken: Lane;
  /** Length of the longer of the two lanes afterwards. */
  hours: number;
}

/** The exchange between the longest lane and another one that leaves the longer of them shortest. */
function bestExchange(heavy: Lane, others: readonly Lane[]): Exchange | undefined {
  const offers = bundles(heavy);
  const exchanges = others.flatMap((light) => {
    const wanted = bundles(light);
    return offers.map((given): Exchange => {
      const taken = nearest(wanted, given.hours - (heavy.hours - light.hours) / 2) ?? laneOf([]);
      const moved = given.hours - taken.hours;
      return { light, given, taken, hours: Math.max(heavy.hours - moved, light.hours + moved) };
    });
  });
  return exchanges.reduce((best, exchange) => (exchange.hours < best.hours ? exchange : best), exchanges[0] as Exchange);
}

const without = ({ tasks }: Lane, gone: Lane): Task[] => tasks.filter((task) => !gone.tasks.includes(task));

/** Moves tasks from the longest lane to others as long as that shortens it by more than rounding. */
function evenOut(start: readonly Lane[], enoughHours: number): readonly Lane[] {
  let lanes = start;
  for (let count = 0; count * lanes.length < mostLanes; count += 1) {
    const heavy = lanes.reduce((longest, lane) => (lane.hours > longest.hours ? lane : longest));
    if (heavy.hours <= enoughHours || lanes.length < 2) return lanes;
    const others = lanes.filter((lane) => lane !== heavy);
    const exchange = bestExchange(heavy, others);
    if (exchange === undefined || exchange.hours > heavy.hours * (1 - 1e-9)) return lanes;
    const { light, given, taken } = exchange;
    const changed = [laneOf([...without(heavy, given), ...taken.tasks]), laneOf([...without(light, taken), ...given.tasks])];
    lanes = [...others.filter((lane) => lane !== light), ...changed];
  }
  return lanes;
}

/** The tasks in the order in which they start, where each lane begins with its longest. */
function startOrder(lanes: readonly Lane[]): Task[] {
  const starts = lanes.flatMap(({ tasks }) => {
    let start = 0;
    return longestFirst(tasks).map((task) => {
      const placed = { task, start };
      start += task.hours;
      return placed;
    });
  });
  return starts.sort((a, b) => a.start - b.start || b.task.hours - a.task.hours).map(({ task }) => task);
}

/** The tasks longest first, as if each were up to twice as long: another place to begin from, the same one every time. */
function shaken(tasks: readonly Task[], turn: number): Task[] {
  const seeming = tasks.map((task, index) => ({ task, hours: task.hours * (1 + Math.abs(Math.sin(turn * (index + 1)))) }));
  return seeming.sort((a, b) => b.hours - a.hours).map(({ task }) => task);
}

/** The order that ends first of those that exchanges reach from several beginnings. */
function bestOrder(simple: readonly Task[], lanes: number, enough: number): readonly Task[] {
  const turns = Math.min(mostTurns, Math.ceil(mostTasks / simple.length));
  let best = { order: simple, hours: schedule(simple, lanes).makespanHours };
  for (let turn = 0; turn < turns && best.hours > enough; turn += 1) {
    const begun = lanesOf(turn === 0 ? simple : shaken(simple, turn), lanes);
    const order = startOrder(evenOut(begun, enough));
    const hours = schedule(order, lanes).makespanHours;
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
export function submissionOrder(tasks: readonly Task[], nodeCount: number): Task[] {
  const simple = longestFirst(tasks);
  const width = simple[0]?.nodes ?? 1;
  const enough = lowerBoundHours(tasks, nodeCount) * (1 + goodEnough);
  if (schedule(simple, nodeCount).makespanHours <= enough || simple.some(({ nodes }) => nodes !== width)) return simple;
  const oneWide = simple.map((task) => ({ ...task, nodes: 1 }));
  return bestOrder(oneWide, Math.floor(nodeCount / width), enough).map((task) => ({ ...task, nodes: width }));
}
