/** When a run writes checkpoints, and which of them it keeps. */
export interface CheckpointSchedule {
  readonly steps: number;
  readonly saveSteps: number;
  /** The newest that are kept; all where it is left out. */
  readonly saveTotalLimit?: number;
}

/** 32-bit weights and both moments of Adam are 12 bytes a parameter, the 16-bit weights 2. */
const checkpointBytesPerParameter = 14;
/** `stage3_gather_16bit_weights_on_model_save` writes the weights a second time, as a model that can be loaded. */
const gatheredBytesPerParameter = 2;

/** Bytes of one checkpoint with the optimizer's state, from which a run resumes. */
export function computeCheckpointBytes(parameters: number, gathered = true): number {
  return parameters * (checkpointBytesPerParameter + (gathered ? gatheredBytesPerParameter : 0));
}

/** Steps at which a checkpoint is written: every `saveSteps`, and at the end. */
export function listWrittenSteps({ steps, saveSteps }: Pick<CheckpointSchedule, "steps" | "saveSteps">): number[] {
  const regular = Array.from({ length: Math.floor(steps / saveSteps) }, (_, index) => (index + 1) * saveSteps);
  return steps % saveSteps === 0 ? regular : [...regular, steps];
}

export function isCheckpointWritten(schedule: Pick<CheckpointSchedule, "steps" | "saveSteps">, step: number): boolean {
  return step > 0 && step <= schedule.steps && (step % schedule.saveSteps === 0 || step === schedule.steps);
}

/** Steps whose checkpoints are there when the run is over: the trainer removes the oldest, whoever still needs them. */
export function listKeptSteps(schedule: CheckpointSchedule): number[] {
  const written = listWrittenSteps(schedule);
  return written.slice(-(schedule.saveTotalLimit ?? written.length));
}

/** Checkpoints that lie in the store: at most at a time, and when the run is over. */
export interface CheckpointCount {
  readonly peak: number;
  readonly kept: number;
}

/** A new checkpoint is complete before the oldest is removed, so that for a while there is one more. */
export function countCheckpoints(schedule: CheckpointSchedule): CheckpointCount {
  const kept = listKeptSteps(schedule).length;
  return { peak: Math.min(listWrittenSteps(schedule).length, kept + 1), kept };
}

/** How often a run saves, and what that costs when it is stopped now and then. Times in seconds. */
export interface CheckpointInterval {
  /** Between two checkpoints as the recipe has them. */
  readonly actualSeconds: number;
  /** Where the cost is least: the square root of 2 · saving · between stops (Young 1974, Daly 2006). */
  readonly bestSeconds: number;
  /** Share of the time that is lost to saving and to work done again, to first order, for both. */
  readonly lostShare: { actual: number; best: number };
}

/**
 * Bytes a second at which a checkpoint is written while training waits: a 7B model's in 148.8 s
 * (pytorch.org/blog/reducing-checkpointing-times, synchronous), taken as 16 bytes a parameter.
 */
const checkpointBytesPerSecond = (16 * 6.74e9) / 148.8;

/** Between two stops of a run. Ours: preemption once a day; hardware of one node fails far more seldom. */
export const secondsBetweenStops = 24 * 3600;

export function estimateSavingSeconds(bytes: number): number {
  return bytes / checkpointBytesPerSecond;
}

/** The interval that loses least, in seconds. */
export function computeYoungDalyInterval(saving: number, betweenStops: number): number {
  return Math.sqrt(2 * saving * betweenStops);
}

/** Time lost to saving once per interval and to half an interval of work per stop. */
function computeLostShare(interval: number, saving: number, betweenStops: number): number {
  return Math.min(1, saving / interval + interval / (2 * betweenStops));
}

export function computeCheckpointInterval({
  secondsPerSave,
  saving,
  betweenStops = secondsBetweenStops,
}: {
  secondsPerSave: number;
  saving: number;
  betweenStops?: number;
}): CheckpointInterval {
  const best = computeYoungDalyInterval(saving, betweenStops);
  return {
    actualSeconds: secondsPerSave,
    bestSeconds: best,
    lostShare: {
      actual: computeLostShare(secondsPerSave, saving, betweenStops),
      best: computeLostShare(best, saving, betweenStops),
    },
  };
}
