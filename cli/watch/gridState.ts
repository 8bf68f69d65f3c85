import { findObject, parseMilliseconds } from "../kubernetes/apiObjects.ts";
import type { ClusterSnapshot } from "../kubernetes/apiObjects.ts";
import { hasEnded, hasSucceeded } from "../kubernetes/objectConditions.ts";
import { addWaitingReason, buildStage, computePercent, estimateSecondsToDone } from "./cellStage.ts";
import type { Stage } from "./cellStage.ts";
import { computeDataJobState, computeDataStage } from "./dataStage.ts";
import type { DataJobState } from "./dataStage.ts";
import { computeEvaluateStage } from "./evaluateStage.ts";
import { computeTrainStage } from "./trainStage.ts";
import type { WatchedBase, WatchedCell, WatchedStack } from "./watchedStack.ts";
import type { SnapshotContext } from "./workloadFailure.ts";

export interface CellState extends Stage {
  readonly id: string;
  /** The percentage of the cell's whole pipeline that is done, 0 to 100. */
  readonly percent: number;
  /** Seconds until the cell is done; null if unknown. */
  readonly eta: number | null;
}

export interface GridState {
  readonly cells: readonly CellState[];
  /** The models that are evaluated and not trained. */
  readonly bases: readonly CellState[];
  /** The Jobs and JobSets on the cluster that prepare data, models and benchmarks for the cells. */
  readonly data: readonly DataJobState[];
  readonly percent: number;
  readonly eta: number | null;
}

function computeCellStage(cell: WatchedCell, data: readonly DataJobState[], context: SnapshotContext): Stage {
  const jobSet = findObject(context.snapshot.jobSets, cell.evaluation);
  const trainJob = findObject(context.snapshot.trainJobs, cell.trainJob);
  if (hasEnded("jobset", jobSet) || hasSucceeded("trainjob", trainJob)) return computeEvaluateStage(cell, context);
  const run = { kind: "trainjob", name: cell.trainJob } as const;
  const training = computeTrainStage(cell, context);
  if (training) return addWaitingReason(training, run, context);
  const ownData = data.filter(({ job }) => cell.dataJobs.includes(job));
  if (trainJob === undefined && ownData.every(({ name }) => name === "not submitted"))
    return buildStage("not submitted", "data");
  // a cell that waits for data may also be blocked by its own TrainJob, which has no JobSet then
  const stage = computeDataStage(ownData) ?? buildStage(trainJob === undefined ? "not submitted" : "starting", "train");
  return addWaitingReason(stage, run, context);
}

/** The stage of a base model, which waits only for its download and its benchmarks. */
function computeBaseStage(base: WatchedBase, data: readonly DataJobState[], context: SnapshotContext): Stage {
  const jobSet = findObject(context.snapshot.jobSets, base.evaluation);
  const isWaiting = jobSet !== undefined && !hasEnded("jobset", jobSet);
  const ownData = data.filter(({ job }) => base.dataJobs.includes(job));
  return (isWaiting ? computeDataStage(ownData) : null) ?? computeEvaluateStage(base, context);
}

/** The percentage of the evaluation that is done: a base model has no other step. */
function computeBasePercent({ step, fraction }: Stage): number {
  return step === "publish" ? 100 : step === "evaluate" ? 100 * fraction : 0;
}

interface TimedCellState extends CellState {
  /** The creation of the TrainJob in milliseconds since 1970; null if it does not exist. */
  readonly created: number | null;
}

function buildCellState(cell: WatchedCell, data: readonly DataJobState[], context: SnapshotContext): TimedCellState {
  const stage = computeCellStage(cell, data, context);
  const trainJob = findObject(context.snapshot.trainJobs, cell.trainJob);
  return {
    ...stage,
    id: cell.id,
    percent: computePercent(stage),
    eta: estimateSecondsToDone(stage),
    created: parseMilliseconds(trainJob?.metadata?.creationTimestamp),
  };
}

function buildBaseState(base: WatchedBase, data: readonly DataJobState[], context: SnapshotContext): CellState {
  const stage = computeBaseStage(base, data, context);
  return { ...stage, id: base.id, percent: computeBasePercent(stage), eta: stage.stepEta };
}

function computeMeanPercent(percents: readonly number[]): number {
  return percents.reduce((sum, percent) => sum + percent, 0) / Math.max(1, percents.length);
}

/** Cells created longer than this before the first open one belong to an earlier submission. */
const sameSubmissionMilliseconds = 60_000;
const minEstimatePercent = 3;

/**
 * Estimates the seconds until all cells are done from the pace since they were submitted. Finished cells of an earlier
 * submission are left out: they say nothing about the pace of this one. Returns null until 3 % are done.
 */
function estimateOverallSeconds(cells: readonly TimedCellState[], { now }: ClusterSnapshot): number | null {
  const open = cells.filter(({ name }) => name !== "done" && name !== "failed");
  const start = Math.min(...open.flatMap(({ created }) => created ?? []));
  if (!Number.isFinite(start)) return null;
  const batch = cells.filter(({ created }) => created === null || created >= start - sameSubmissionMilliseconds);
  const percent = computeMeanPercent(batch.map((cell) => (cell.name === "failed" ? 100 : cell.percent)));
  const fraction = percent / 100;
  return percent < minEstimatePercent ? null : ((now - start) / 1000 / fraction) * (1 - fraction);
}

/** Computes the state of every cell and of the whole stack from one snapshot of the cluster. */
export function computeGridState({ cells, bases }: WatchedStack, context: SnapshotContext): GridState {
  const dataJobs = new Set([...cells, ...bases].flatMap((subject) => subject.dataJobs));
  const data = [...dataJobs].map((name) => computeDataJobState(name, context));
  const states = cells.map((cell) => buildCellState(cell, data, context));
  const baseStates = bases.map((base) => buildBaseState(base, data, context));
  const products = states.length > 0 ? states : baseStates;
  return {
    cells: states,
    bases: baseStates,
    data: data.filter(({ name }) => name !== "not submitted"),
    percent: computeMeanPercent(products.map(({ percent }) => percent)),
    eta: estimateOverallSeconds(states, context.snapshot),
  };
}

/** Computes the state of a stack that only prepares data, of which each job counts the same. */
export function computeJobsState(names: readonly string[], context: SnapshotContext): GridState {
  const data = names.map((name) => computeDataJobState(name, context));
  const percent = computeMeanPercent(data.map(({ fraction }) => 100 * fraction));
  return { cells: [], bases: [], data, percent, eta: null };
}

/** `running` until every cell and model, or every job of a stack that has neither, is done or failed. */
export function determineOutcome({
  cells,
  bases,
  data,
}: Pick<GridState, "cells" | "bases" | "data">): "running" | "done" | "failed" {
  const stages: readonly Stage[] = cells.length + bases.length > 0 ? [...bases, ...cells] : data;
  if (stages.some(({ name }) => name !== "done" && name !== "failed")) return "running";
  return stages.some(({ name }) => name === "failed") ? "failed" : "done";
}
