import type { ExecutionSettings, ZeroMode } from "../config/index.ts";
import type { CellFacts } from "../estimate/index.ts";
import { changeExecution, estimateCellMemory, estimateTraining, isWithinDeviceMemory } from "../estimate/index.ts";
import { getDevice } from "../hardware/gpuCatalog.ts";
import { countSequencesOfStep } from "../train/index.ts";

/** The execution of a stack that fits its devices and costs the least. */
export interface BestExecution extends Required<Pick<ExecutionSettings, "microBatch" | "zero">> {
  /** Share of the GPU-hours at the slow end. */
  readonly savedShare: number;
}

/** Our assumption: a smaller saving is within the error of the estimate, and not worth other names of the runs. */
const smallestSaving = 0.02;

/** Lists the ways to divide the model that can follow the present one: only stage 3 turns into the others. */
function listZeroModes({ sharding, hardware }: CellFacts): ZeroMode[] {
  if (sharding?.zero !== 3) return sharding === undefined ? [] : [sharding.zero];
  return hardware.nodesPerCell > 1 ? [3, 2, "hpz"] : [3, 2];
}

/** Lists the micro-batches that divide the batch of every cell. */
function listMicroBatches(cells: readonly CellFacts[]): number[] {
  const batches = cells.map(({ recipe }) => countSequencesOfStep(recipe));
  const candidates = Array.from({ length: Math.min(...batches) }, (_, index) => index + 1);
  return candidates.filter((microBatch) => batches.every((sequences) => sequences % microBatch === 0));
}

function sumSlowHours(cells: readonly CellFacts[]): number {
  return cells.reduce((sum, facts) => sum + estimateTraining(facts).gpuHours.high, 0);
}

function fitsDevices(facts: CellFacts): boolean {
  return isWithinDeviceMemory(estimateCellMemory(facts), getDevice(facts.hardware));
}

/** Finds the execution that costs the least; undefined if none saves enough. */
export function findBestExecution(cells: readonly CellFacts[]): BestExecution | undefined {
  const [first] = cells;
  if (first === undefined) return undefined;
  const present = sumSlowHours(cells);
  const executions = listZeroModes(first).flatMap((zero) =>
    listMicroBatches(cells).map((microBatch) => ({ microBatch, zero })),
  );
  const candidates = executions.flatMap((execution) => {
    const changed = cells.map((facts) => changeExecution(facts, execution));
    if (!changed.every(fitsDevices)) return [];
    return [{ ...execution, savedShare: 1 - sumSlowHours(changed) / present }];
  });
  const best = candidates.toSorted((a, b) => b.savedShare - a.savedShare)[0];
  return best !== undefined && best.savedShare >= smallestSaving ? best : undefined;
}
