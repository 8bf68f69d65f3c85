import type { Price } from "../matrix/index.ts";
import type { BasePlan } from "./basePlan.ts";
import type { CellPlan } from "./cellPlan.ts";
import type { Finding } from "./lint/rule.ts";
import type { MixturePlan } from "./mixturePlan.ts";
import { mixturesPeak } from "./mixturePlan.ts";
import type { Placement, Task } from "./schedule.ts";
import { lowerBoundHours, schedule } from "./schedule.ts";
import type { Band } from "./training.ts";
import { sumOf } from "./training.ts";

/** What a stack makes: the cells of a family, or mixtures that families share. */
export type Made = { kind: "cells"; family: string; protocol: string } | { kind: "mixtures" };

export interface PlannedStack {
  stack: string;
  makes: Made;
  /** GPU nodes of the cluster. */
  nodes: number;
  price?: Price;
  /** In the order of submission. */
  cells: readonly CellPlan[];
  bases: readonly BasePlan[];
  /** In the order of submission. */
  mixtures: readonly MixturePlan[];
  /** What must be decided before it runs. */
  open: readonly Finding[];
}

export interface Totals {
  gpuHours: Band;
  /** Of the cells, and of the models that they start from. */
  evaluationGpuHours: number;
  /** At the slow end of the band, so that the budget holds. */
  cost?: number;
  /** The most that lies in the store at a time. */
  diskBytes: number;
  /** Of the trainings, at the slow end of the band. */
  makespanHours: number;
  lowerBoundHours: number;
}

export interface StackPlan extends PlannedStack {
  placements: readonly Placement[];
  totals: Totals;
}

/** The training of a cell as work that takes nodes for a time, at the slow end of the band. */
export function taskOf({ id, hardware, estimate }: Pick<CellPlan, "id" | "hardware" | "estimate">): Task {
  return { id, hours: estimate.wallHours.high, nodes: hardware.nodesPerCell };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** What all cells keep, and the most that those which run side by side have more than that for a while. */
function diskPeak(cells: readonly CellPlan[], nodes: number): number {
  const kept = sum(cells.map(({ estimate }) => estimate.diskBytes.kept));
  const more = cells.map(({ estimate: { diskBytes } }) => diskBytes.peak - diskBytes.kept).sort((a, b) => b - a);
  const narrowest = cells.reduce((least, { hardware }) => Math.min(least, hardware.nodesPerCell), Infinity);
  return kept + sum(more.slice(0, Math.floor(nodes / narrowest)));
}

interface Shared extends Pick<PlannedStack, "cells" | "bases" | "mixtures" | "nodes"> {
  price?: Price | undefined;
}

/** Sums of cells that share nodes, of their base models, and of mixtures in the same store. */
export function totalsOf({ cells, bases, mixtures, nodes, price }: Shared): Totals {
  const tasks = cells.map(taskOf);
  const hours = sumOf(cells.map(({ estimate }) => estimate.gpuHours));
  return {
    gpuHours: hours,
    evaluationGpuHours: sum([...cells.map(({ estimate }) => estimate.evaluationGpuHours), ...bases.map(({ evaluationGpuHours }) => evaluationGpuHours)]),
    ...(price === undefined ? {} : { cost: hours.high * price.perGpuHour }),
    diskBytes: diskPeak(cells, nodes) + mixturesPeak(mixtures),
    makespanHours: schedule(tasks, nodes).makespanHours,
    lowerBoundHours: lowerBoundHours(tasks, nodes),
  };
}

/**
 * A stack's cells on so many nodes.
 * @throws RangeError if a cell needs more nodes than there are
 */
export function planStack(stack: PlannedStack): StackPlan {
  const { placements } = schedule(stack.cells.map(taskOf), stack.nodes);
  return { ...stack, placements, totals: totalsOf(stack) };
}
