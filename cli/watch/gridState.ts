import { dataJobState, dataStage, type DataJobState } from "./dataStage.ts";
import { evaluateStage } from "./evaluateStage.ts";
import { conditionOf, millisecondsOf, named, type Snapshot, type WatchedBase, type WatchedCell, type WatchedStack } from "./snapshot.ts";
import { etaOf, percentOf, stage, type Stage } from "./stage.ts";
import { trainStage } from "./trainStage.ts";

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

const stageOf = (cell: WatchedCell, data: readonly DataJobState[], { snapshot, kubectl }: { snapshot: Snapshot; kubectl: string }): Stage => {
  const jobSet = named(snapshot.jobSets, cell.evaluation);
  const trainJob = named(snapshot.trainJobs, cell.trainJob);
  if (conditionOf(jobSet, "Completed", "Failed") || conditionOf(trainJob, "Complete")) return evaluateStage(cell, snapshot, kubectl);
  const training = trainStage(cell, snapshot, kubectl);
  if (training) return training;
  const ownData = data.filter(({ job }) => cell.dataJobs.includes(job));
  if (trainJob === undefined && ownData.every(({ name }) => name === "not submitted")) return stage("not submitted", "data");
  return dataStage(ownData) ?? stage(trainJob === undefined ? "not submitted" : "starting", "train");
};

/** A base model waits for its download and its benchmarks alone. */
const baseStage = (base: WatchedBase, data: readonly DataJobState[], { snapshot, kubectl }: { snapshot: Snapshot; kubectl: string }): Stage => {
  const jobSet = named(snapshot.jobSets, base.evaluation);
  const waits = jobSet !== undefined && !conditionOf(jobSet, "Completed", "Failed");
  const open = waits ? dataStage(data.filter(({ job }) => base.dataJobs.includes(job))) : null;
  return open ?? evaluateStage(base, snapshot, kubectl);
};

/** Of its evaluation, which is all of its way. */
const basePercent = ({ step, fraction }: Stage): number => (step === "publish" ? 100 : step === "evaluate" ? 100 * fraction : 0);

/** Finished cells of an earlier submission say nothing about the pace of this one. */
const sameSubmission = 60_000;

/** Seconds until all cells are done at the pace since they were submitted; null while there is too little to go by. */
const overallEta = (cells: readonly (CellState & { readonly created: number | null })[], now: number): number | null => {
  const open = cells.filter(({ name }) => name !== "done" && name !== "failed");
  const start = Math.min(...open.flatMap(({ created }) => created ?? []));
  if (!Number.isFinite(start)) return null;
  const batch = cells.filter(({ created }) => created === null || created >= start - sameSubmission);
  const fraction = batch.reduce((sum, { name, percent }) => sum + (name === "failed" ? 100 : percent), 0) / batch.length / 100;
  return fraction < 0.03 ? null : ((now - start) / 1000 / fraction) * (1 - fraction);
};

/** The state of every cell and of the whole, from what the API server said at one moment. */
export const gridState = ({ cells, bases }: WatchedStack, snapshot: Snapshot, kubectl: string): GridState => {
  const data = [...new Set(cells.flatMap(({ dataJobs }) => dataJobs))].map((name) => dataJobState(name, snapshot, kubectl));
  const states = cells.map((cell) => {
    const at = stageOf(cell, data, { snapshot, kubectl });
    const created = millisecondsOf(named(snapshot.trainJobs, cell.trainJob)?.metadata?.creationTimestamp);
    return { ...at, id: cell.id, percent: percentOf(at), eta: etaOf(at), created };
  });
  const percent = states.reduce((sum, state) => sum + state.percent, 0) / Math.max(1, states.length);
  const models = bases.map((base) => {
    const at = baseStage(base, data, { snapshot, kubectl });
    return { ...at, id: base.id, percent: basePercent(at), eta: at.stepEta };
  });
  return { cells: states, bases: models, data: data.filter(({ name }) => name !== "not submitted"), percent, eta: overallEta(states, snapshot.now) };
};

/** `running` until every cell and every base model is done or failed; of a stack without cells, every job. */
export const outcome = ({ cells, bases, data }: Pick<GridState, "cells" | "bases" | "data">): "running" | "done" | "failed" => {
  const all: readonly Stage[] = cells.length > 0 ? [...bases, ...cells] : data;
  if (all.some(({ name }) => name !== "done" && name !== "failed")) return "running";
  return all.some(({ name }) => name === "failed") ? "failed" : "done";
};
