import { findObject, findTrueCondition, parseMilliseconds } from "../kubernetes/apiObjects.ts";
import type { ClusterSnapshot, WatchedBase, WatchedCell, WatchedStack } from "../kubernetes/apiObjects.ts";
import { buildStage, computePercent, estimateSecondsToDone } from "./cellStage.ts";
import type { Stage } from "./cellStage.ts";
import { computeDataJobState, computeDataStage } from "./dataStage.ts";
import type { DataJobState } from "./dataStage.ts";
import { computeEvaluateStage } from "./evaluateStage.ts";
import { computeTrainStage } from "./trainStage.ts";

export interface CellState extends Stage {
  readonly id: string;
  /** Of the cell's whole way, 0 to 100. */
  readonly percent: number;
  /** Seconds until the cell is done; null while that cannot be said. */
  readonly eta: number | null;
}

export interface GridState {
  readonly cells: readonly CellState[];
  /** The models that the cells start from. */
  readonly bases: readonly CellState[];
  /** What makes data, models and benchmarks for the cells, as far as the cluster has it. */
  readonly data: readonly DataJobState[];
  readonly percent: number;
  readonly eta: number | null;
}

function computeCellStage(
  cell: WatchedCell,
  data: readonly DataJobState[],
  { snapshot, kubectl }: { snapshot: ClusterSnapshot; kubectl: string },
): Stage {
  const jobSet = findObject(snapshot.jobSets, cell.evaluation);
  const trainJob = findObject(snapshot.trainJobs, cell.trainJob);
  if (findTrueCondition(jobSet, "Completed", "Failed") || findTrueCondition(trainJob, "Complete"))
    return computeEvaluateStage(cell, snapshot, kubectl);
  const training = computeTrainStage(cell, snapshot, kubectl);
  if (training) return training;
  const ownData = data.filter(({ job }) => cell.dataJobs.includes(job));
  if (trainJob === undefined && ownData.every(({ name }) => name === "not submitted"))
    return buildStage("not submitted", "data");
  return computeDataStage(ownData) ?? buildStage(trainJob === undefined ? "not submitted" : "starting", "train");
}

/** A base model waits for its download and its benchmarks alone. */
function computeBaseStage(
  base: WatchedBase,
  data: readonly DataJobState[],
  { snapshot, kubectl }: { snapshot: ClusterSnapshot; kubectl: string },
): Stage {
  const jobSet = findObject(snapshot.jobSets, base.evaluation);
  const waits = jobSet !== undefined && !findTrueCondition(jobSet, "Completed", "Failed");
  const open = waits ? computeDataStage(data.filter(({ job }) => base.dataJobs.includes(job))) : null;
  return open ?? computeEvaluateStage(base, snapshot, kubectl);
}

/** Of its evaluation, which is all of its way. */
function computeBasePercent({ step, fraction }: Stage): number {
  return step === "publish" ? 100 : step === "evaluate" ? 100 * fraction : 0;
}

/** Finished cells of an earlier submission say nothing about the pace of this one. */
const sameSubmissionMilliseconds = 60_000;

/** Seconds until all cells are done at the pace since they were submitted; null while there is too little to go by. */
function estimateOverallSeconds(
  cells: readonly (CellState & { readonly created: number | null })[],
  now: number,
): number | null {
  const open = cells.filter(({ name }) => name !== "done" && name !== "failed");
  const start = Math.min(...open.flatMap(({ created }) => created ?? []));
  if (!Number.isFinite(start)) return null;
  const batch = cells.filter(({ created }) => created === null || created >= start - sameSubmissionMilliseconds);
  const fraction =
    batch.reduce((sum, { name, percent }) => sum + (name === "failed" ? 100 : percent), 0) / batch.length / 100;
  return fraction < 0.03 ? null : ((now - start) / 1000 / fraction) * (1 - fraction);
}

/** The state of every cell and of the whole, from what the API server said at one moment. */
export function computeGridState(
  { cells, bases }: WatchedStack,
  snapshot: ClusterSnapshot,
  kubectl: string,
): GridState {
  const data = [...new Set(cells.flatMap(({ dataJobs }) => dataJobs))].map((name) =>
    computeDataJobState(name, snapshot, kubectl),
  );
  const states = cells.map((cell) => {
    const at = computeCellStage(cell, data, { snapshot, kubectl });
    const created = parseMilliseconds(findObject(snapshot.trainJobs, cell.trainJob)?.metadata?.creationTimestamp);
    return { ...at, id: cell.id, percent: computePercent(at), eta: estimateSecondsToDone(at), created };
  });
  const percent = states.reduce((sum, state) => sum + state.percent, 0) / Math.max(1, states.length);
  const models = bases.map((base) => {
    const at = computeBaseStage(base, data, { snapshot, kubectl });
    return { ...at, id: base.id, percent: computeBasePercent(at), eta: at.stepEta };
  });
  return {
    cells: states,
    bases: models,
    data: data.filter(({ name }) => name !== "not submitted"),
    percent,
    eta: estimateOverallSeconds(states, snapshot.now),
  };
}

/** `running` until every cell and every base model is done or failed; of a stack without cells, every job. */
export function determineOutcome({
  cells,
  bases,
  data,
}: Pick<GridState, "cells" | "bases" | "data">): "running" | "done" | "failed" {
  const all: readonly Stage[] = cells.length > 0 ? [...bases, ...cells] : data;
  if (all.some(({ name }) => name !== "done" && name !== "failed")) return "running";
  return all.some(({ name }) => name === "failed") ? "failed" : "done";
}

/** The state of a stack without cells: what it makes is all that it has, and each of its jobs counts alike. */
export function computeJobsState(names: readonly string[], snapshot: ClusterSnapshot, kubectl: string): GridState {
  const data = names.map((name) => computeDataJobState(name, snapshot, kubectl));
  const percent = (100 * data.reduce((sum, { fraction }) => sum + fraction, 0)) / Math.max(1, data.length);
  return { cells: [], bases: [], data, percent, eta: null };
}
