import type { Price } from "../config/index.ts";
import type { EstimateRange } from "../estimate/index.ts";
import { sumRanges } from "../estimate/index.ts";
import { buildTrainingTask } from "../experiment/index.ts";
import type { DeviceKind } from "../hardware/gpuCatalog.ts";
import type { LintFinding } from "../lint/warnings/lintRule.ts";
import type { Placement, TrainingTask } from "../schedule/schedule.ts";
import { computeLowerBoundHours, scheduleTasks } from "../schedule/schedule.ts";
import type { BasePlan, CellPlan } from "./cellPlan.ts";
import type { MixturePlan } from "./mixturePlan.ts";
import { computeMixturesPeak } from "./mixturePlan.ts";
import type { ModelPlan } from "./modelPlan.ts";
import { computeModelsBytes } from "./modelPlan.ts";

/** The product of a stack: the cells of a family, mixtures that families share, or the scores of models. */
type StackProduct =
  { kind: "cells"; family: string; protocol: string } | { kind: "mixtures" } | { kind: "models"; devices: DeviceKind };

interface StackPlanInput {
  readonly stack: string;
  readonly product: StackProduct;
  /** Number of GPU nodes of the cluster. */
  readonly nodes: number;
  readonly price?: Price;
  /** Cells in the order of submission. */
  readonly cells: readonly CellPlan[];
  readonly bases: readonly BasePlan[];
  /** Mixtures in the order of submission. */
  readonly mixtures: readonly MixturePlan[];
  /** The models of an evaluation stack, in the order of its file. */
  readonly models?: readonly ModelPlan[];
  /** Decisions that are still open and that the stack needs before it can run. */
  readonly openFindings: readonly LintFinding[];
}

export interface PlanTotals {
  readonly gpuHours: EstimateRange;
  /** GPU-hours of evaluating the cells and their base models. */
  readonly evaluationGpuHours: number;
  /** Cost at the high end of `gpuHours`, so that a budget holds; undefined without a price. */
  readonly cost?: number;
  /** Bytes in the store at the peak. */
  readonly diskBytes: number;
  /** Hours until the last checkpoint is evaluated, with trainings at the slow end of the range. */
  readonly makespanHours: number;
  readonly lowerBoundHours: number;
}

export interface StackPlan extends StackPlanInput {
  readonly models: readonly ModelPlan[];
  readonly placements: readonly Placement[];
  readonly totals: PlanTotals;
}

/** Lists the tasks of the schedule in the order of the cells. */
export function listTrainingTasks(cells: readonly CellPlan[]): TrainingTask[] {
  return cells.map((cell) => buildTrainingTask(cell, cell.estimate));
}

function listBaseHours(bases: readonly BasePlan[]): number[] {
  return bases.map(({ evaluationNodeHours }) => evaluationNodeHours);
}

function sumNumbers(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** Bytes that all cells keep, plus the most that cells running side by side need in addition for a while. */
function computeDiskPeak(cells: readonly CellPlan[], nodes: number): number {
  const kept = sumNumbers(cells.map(({ estimate }) => estimate.diskBytes.kept));
  const extra = cells.map(({ estimate: { diskBytes } }) => diskBytes.peak - diskBytes.kept).sort((a, b) => b - a);
  const narrowest = cells.reduce((least, { hardware }) => Math.min(least, hardware.nodesPerCell), Infinity);
  return kept + sumNumbers(extra.slice(0, Math.floor(nodes / narrowest)));
}

interface TotalsInput extends Pick<StackPlanInput, "cells" | "bases" | "mixtures" | "models" | "nodes"> {
  readonly price?: Price | undefined;
}

/** Selects one of the plans that have the same run: stacks that name the same cell or base model share its folder. */
export function selectDistinctRuns<Plan extends { readonly run: string }>(plans: readonly Plan[]): Plan[] {
  return [...new Map(plans.map((plan) => [plan.run, plan])).values()];
}

/** Adds up cells that share nodes, their base models, and mixtures and models in the same store. */
export function computeTotals({ cells, bases, mixtures, models = [], nodes, price }: TotalsInput): PlanTotals {
  const tasks = listTrainingTasks(cells);
  const baseHours = listBaseHours(bases);
  const gpuHours = sumRanges(cells.map(({ estimate }) => estimate.gpuHours));
  return {
    gpuHours,
    evaluationGpuHours: sumNumbers([
      ...cells.map(({ estimate }) => estimate.evaluationGpuHours),
      ...bases.map(({ evaluationGpuHours }) => evaluationGpuHours),
    ]),
    ...(price === undefined ? {} : { cost: gpuHours.high * price.perGpuHour }),
    diskBytes: computeDiskPeak(cells, nodes) + computeMixturesPeak(mixtures) + computeModelsBytes(models),
    makespanHours: scheduleTasks(tasks, nodes, baseHours).makespanHours,
    lowerBoundHours: computeLowerBoundHours(tasks, nodes, baseHours),
  };
}

/**
 * Plans the cells of a stack on the nodes of the cluster.
 * @throws RangeError if a cell needs more nodes than the cluster has
 */
export function buildStackPlan(stack: StackPlanInput): StackPlan {
  const { placements } = scheduleTasks(listTrainingTasks(stack.cells), stack.nodes, listBaseHours(stack.bases));
  return { models: [], ...stack, placements, totals: computeTotals(stack) };
}
