import type { ZeroMode } from "../config/index.ts";
import type { ClusterRate, MeasuredRates } from "../hardware/clusterRates.ts";
import { preferMeasuredRate } from "../hardware/clusterRates.ts";

/** The steps of a run at which it writes checkpoints, and the setting that decides which ones stay. */
export interface CheckpointSchedule {
  /** The step after which training ends. */
  readonly trainedSteps: number;
  readonly saveSteps: number;
  readonly evaluatedSteps: readonly number[];
  /** True if the weights of all checkpoints are kept. */
  readonly keepsWeights: boolean;
}

export interface EvaluatedSteps {
  readonly evaluatedSteps: readonly number[];
  /** The last evaluated step: that of the cell's score. */
  readonly evaluatedStep: number;
  /** The highest evaluated step that the file or the protocol names; undefined if only the last one is evaluated. */
  readonly namedStep: number | undefined;
}

/** Resolves the evaluated checkpoints of a run, in ascending order; `last` is the end of its schedule. */
export function resolveEvaluatedSteps(evaluated: readonly (number | "last")[], steps: number): EvaluatedSteps {
  const evaluatedSteps = evaluated.map((checkpoint) => (checkpoint === "last" ? steps : checkpoint));
  return {
    evaluatedSteps,
    evaluatedStep: evaluatedSteps.at(-1) ?? steps,
    namedStep: evaluated.findLast((checkpoint) => checkpoint !== "last"),
  };
}

/**
 * A ZeRO-3 checkpoint: 32-bit weights and both moments of Adam are 12 bytes per parameter in the optimizer's files, the
 * 16-bit weights, gathered as a model that can be loaded, 2. Both were seen (docs/recipes.md).
 */
const checkpointBytesPerParameter = 14;
const weightBytesPerParameter = 2;

/** A run whose checkpoints are measured. */
export interface CheckpointedRun {
  readonly shape: { readonly parameters: number };
  readonly sharding?: { readonly zero: ZeroMode } | undefined;
}

/**
 * Bytes of one checkpoint with the optimizer's state, from which a run resumes. Stage 2 writes the whole 16-bit weights
 * once more among DeepSpeed's files (`mp_rank_00_model_states.pt`).
 */
export function computeCheckpointBytes({ shape, sharding }: CheckpointedRun): number {
  const copies = sharding?.zero === 2 ? 1 : 0;
  return shape.parameters * (checkpointBytesPerParameter + copies * weightBytesPerParameter);
}

/** Lists the steps at which a checkpoint is written: every `saveSteps`, the evaluated ones and the last one. */
export function listWrittenSteps({
  trainedSteps,
  saveSteps,
  evaluatedSteps,
}: Pick<CheckpointSchedule, "trainedSteps" | "saveSteps" | "evaluatedSteps">): number[] {
  const regular = Array.from({ length: Math.floor(trainedSteps / saveSteps) }, (_, index) => (index + 1) * saveSteps);
  const others = [...evaluatedSteps, trainedSteps].filter((step) => step <= trainedSteps);
  return [...new Set([...regular, ...others])].sort((a, b) => a - b);
}

/** Numbers of checkpoints in the store: those that can be resumed, and older ones of which the weights stay. */
interface CheckpointCount {
  /** The most at a time. */
  readonly peakResumable: number;
  readonly resumable: number;
  readonly weightsOnly: number;
}

/** The supervisor keeps the two newest whole ones, so that one is left if the newest is damaged. */
const keptResumable = 2;

/** A new checkpoint is complete before an old one is reduced, so for a while there is one more whole one. */
export function countCheckpoints(schedule: CheckpointSchedule): CheckpointCount {
  const written = listWrittenSteps(schedule);
  const older = written.slice(0, -keptResumable);
  return {
    peakResumable: Math.min(written.length, keptResumable + 1),
    resumable: Math.min(written.length, keptResumable),
    weightsOnly: older.filter((step) => schedule.keepsWeights || schedule.evaluatedSteps.includes(step)).length,
  };
}

/** Bytes of a run in the store, the 16-bit weights included that the trainer saves once more at the end. */
export function computeRunBytes(run: CheckpointSchedule & CheckpointedRun): { peak: number; kept: number } {
  const { parameters } = run.shape;
  const { peakResumable, resumable, weightsOnly } = countCheckpoints(run);
  const weights = (weightsOnly + 1) * weightBytesPerParameter * parameters;
  const whole = computeCheckpointBytes(run);
  return { peak: peakResumable * whole + weights, kept: resumable * whole + weights };
}

/** The time between the checkpoints of a run, and the share of time that it loses if the run is stopped regularly. */
export interface CheckpointInterval {
  /** Seconds between two checkpoints with the settings of the recipe. */
  readonly actualSeconds: number;
  /** Interval with the least loss: the square root of 2 · saving · between stops (Young 1974, Daly 2006). */
  readonly bestSeconds: number;
  /** Share of the time lost to saving and to repeated work, to first order, for both intervals. */
  readonly lostShare: { actual: number; best: number };
}

/**
 * MB/s at which a checkpoint is written while training waits: a 7B model's in 148.8 s
 * (pytorch.org/blog/reducing-checkpointing-times, synchronous), taken as a checkpoint of this size per parameter.
 */
const assumedStoreMBs = (checkpointBytesPerParameter * 6.74e9) / 148.8 / 1e6;

/** MB/s at which the nodes of a cell write a checkpoint together. */
export interface StoreRate extends ClusterRate {
  /** Nodes that wrote at the same time; only if it was measured. */
  readonly writers?: number;
}

/**
 * Selects the MB/s that the nodes of a cell reach together if the other cells train meanwhile. While several nodes
 * wrote, each of the cell's nodes had its own share besides the others' shares, so every measurement is a lower bound,
 * and the highest one counts.
 */
function findStoreRate(measured: MeasuredRates | undefined, nodesPerCell: number): StoreRate | undefined {
  const rates = measured?.storeWrites?.map(({ writers, nodeMBs }): StoreRate => {
    return { value: Math.min(writers, nodesPerCell) * nodeMBs, from: "measured", since: measured.since, writers };
  });
  return rates?.reduce((best, rate) => (rate.value > best.value ? rate : best));
}

/** Resolves the MB/s at which the nodes of a cell write a checkpoint: what preflight measured, or the assumption. */
export function resolveStoreRate(measured?: MeasuredRates, nodesPerCell = 1): StoreRate {
  const assumed: ClusterRate = { value: assumedStoreMBs, from: "assumed" };
  return preferMeasuredRate(findStoreRate(measured, nodesPerCell), assumed);
}

export function estimateSavingSeconds(bytes: number, { value }: ClusterRate): number {
  return bytes / (1e6 * value);
}

/** The interval that loses the least time, in seconds. */
export function computeYoungDalyInterval(saving: number, betweenStops: number): number {
  return Math.sqrt(2 * saving * betweenStops);
}

/** Share of time lost: one save per interval, and on average half an interval of work per stop. */
function computeLostShare(interval: number, saving: number, betweenStops: number): number {
  return Math.min(1, saving / interval + interval / (2 * betweenStops));
}

interface IntervalInput {
  /** Seconds of training between two checkpoints. */
  readonly secondsPerSave: number;
  /** Seconds that training waits for one checkpoint. */
  readonly saving: number;
  /** Seconds between two stops of the run. */
  readonly betweenStops: number;
}

/** Compares a run's interval between checkpoints with the one that loses the least time. */
export function computeCheckpointInterval({ secondsPerSave, saving, betweenStops }: IntervalInput): CheckpointInterval {
  const bestSeconds = computeYoungDalyInterval(saving, betweenStops);
  return {
    actualSeconds: secondsPerSave,
    bestSeconds,
    lostShare: {
      actual: computeLostShare(secondsPerSave, saving, betweenStops),
      best: computeLostShare(bestSeconds, saving, betweenStops),
    },
  };
}
