import type { EstimateRange } from "../estimate/index.ts";
import { sumRanges } from "../estimate/index.ts";
import type { LintFinding } from "../lint/warnings/lintRule.ts";
import type { Price } from "../config/index.ts";
import type { Placement, TrainingTask } from "../schedule/schedule.ts";
import { computeLowerBoundHours, scheduleTasks } from "../schedule/schedule.ts";
import type { BasePlan, CellPlan } from "./cellPlan.ts";
import type { MixturePlan } from "./mixturePlan.ts";
import { computeMixturesPeak } from "./mixturePlan.ts";

/** What a stack makes: the cells of a family, or mixtures that families share. */
export type StackProduct = { kind: "cells"; family: string; protocol: string } | { kind: "mixtures" };

export interface StackPlanInput {
  readonly stack: string;
  readonly product: StackProduct;
  /** GPU nodes of the cluster. */
  readonly nodes: number;
  readonly price?: Price;
  /** In the order of submission. */
  readonly cells: readonly CellPlan[];
  readonly bases: readonly BasePlan[];
  /** In the order of submission. */
  readonly mixtures: readonly MixturePlan[];
  /** What must be decided before it runs. */
  readonly openFindings: readonly LintFinding[];
}

export interface PlanTotals {
  readonly gpuHours: EstimateRange;
  /** Of the cells, and of the models that they start from. */
  readonly evaluationGpuHours: number;
  /** At the slow end of the band, so that the budget holds. */
  readonly cost?: number;
  /** The most that lies in the store at a time. */
  readonly diskBytes: number;
  /** Of the trainings, at the slow end of the band. */
  readonly makespanHours: number;
  readonly lowerBoundHours: number;
}

export interface StackPlan extends StackPlanInput {
  readonly placements: readonly Placement[];
  readonly totals: PlanTotals;
}

/** The training of a cell as work that takes nodes for a time, at the slow end of the band. */
export function buildTrainingTask({
  id,
  hardware,
  estimate,
}: Pick<CellPlan, "id" | "hardware" | "estimate">): TrainingTask {
  return { id, hours: estimate.wallHours.high, nodes: hardware.nodesPerCell };
}

function sumNumbers(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** What all cells keep, and the most that those which run side by side have more than that for a while. */
function computeDiskPeak(cells: readonly CellPlan[], nodes: number): number {
  const kept = sumNumbers(cells.map(({ estimate }) => estimate.diskBytes.kept));
  const more = cells.map(({ estimate: { diskBytes } }) => diskBytes.peak - diskBytes.kept).sort((a, b) => b - a);
  const narrowest = cells.reduce((least, { hardware }) => Math.min(least, hardware.nodesPerCell), Infinity);
  return kept + sumNumbers(more.slice(0, Math.floor(nodes / narrowest)));
}

interface TotalsInput extends Pick<StackPlanInput, "cells" | "bases" | "mixtures" | "nodes"> {
  readonly price?: Price | undefined;
}

/** Sums of cells that share nodes, of their base models, and of mixtures in the same store. */
export function computeTotals({ cells, bases, mixtures, nodes, price }: TotalsInput): PlanTotals {
  const tasks = cells.map(buildTrainingTask);
  const hours = sumRanges(cells.map(({ estimate }) => estimate.gpuHours));
  return {
    gpuHours: hours,
    evaluationGpuHours: sumNumbers([
      ...cells.map(({ estimate }) => estimate.evaluationGpuHours),
      ...bases.map(({ evaluationGpuHours }) => evaluationGpuHours),
    ]),
    ...(price === undefined ? {} : { cost: hours.high * price.perGpuHour }),
    diskBytes: computeDiskPeak(cells, nodes) + computeMixturesPeak(mixtures),
    makespanHours: scheduleTasks(tasks, nodes).makespanHours,
    lowerBoundHours: computeLowerBoundHours(tasks, nodes),
  };
}

/**
 * A stack's cells on so many nodes.
 * @throws RangeError if a cell needs more nodes than there are
 */
export function buildStackPlan(stack: StackPlanInput): StackPlan {
  const { placements } = scheduleTasks(stack.cells.map(buildTrainingTask), stack.nodes);
  return { ...stack, placements, totals: computeTotals(stack) };
}
