/** The steps of a run and the settings that decide which checkpoints it writes and keeps. */
export interface CheckpointSchedule {
  readonly steps: number;
  readonly saveSteps: number;
  /** Number of newest checkpoints to keep; all of them if undefined. */
  readonly saveTotalLimit?: number;
}

/** 32-bit weights and both moments of Adam are 12 bytes per parameter, the 16-bit weights 2. */
const checkpointBytesPerParameter = 14;
/** `stage3_gather_16bit_weights_on_model_save` writes the weights a second time, as a model that can be loaded. */
const gatheredBytesPerParameter = 2;

/** Bytes of one checkpoint with the optimizer's state, from which a run resumes. */
export function computeCheckpointBytes(parameters: number, gathered = true): number {
  return parameters * (checkpointBytesPerParameter + (gathered ? gatheredBytesPerParameter : 0));
}

/** Lists the steps at which a checkpoint is written: every `saveSteps`, and the last one. */
export function listWrittenSteps({ steps, saveSteps }: Pick<CheckpointSchedule, "steps" | "saveSteps">): number[] {
  const regular = Array.from({ length: Math.floor(steps / saveSteps) }, (_, index) => (index + 1) * saveSteps);
  return steps % saveSteps === 0 ? regular : [...regular, steps];
}

export function isCheckpointWritten(schedule: Pick<CheckpointSchedule, "steps" | "saveSteps">, step: number): boolean {
  return step > 0 && step <= schedule.steps && (step % schedule.saveSteps === 0 || step === schedule.steps);
}

/**
 * Lists the steps whose checkpoints exist at the end of the run: the trainer removes the oldest ones, even if something
 * still needs them.
 */
export function listKeptSteps(schedule: CheckpointSchedule): number[] {
  const written = listWrittenSteps(schedule);
  return written.slice(-(schedule.saveTotalLimit ?? written.length));
}

/** Numbers of checkpoints in the store: the most at a time, and at the end of the run. */
interface CheckpointCount {
  readonly peak: number;
  readonly kept: number;
}

/** A new checkpoint is complete before the oldest is removed, so for a while there is one more than is kept. */
export function countCheckpoints(schedule: CheckpointSchedule): CheckpointCount {
  const kept = listKeptSteps(schedule).length;
  return { peak: Math.min(listWrittenSteps(schedule).length, kept + 1), kept };
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
 * Bytes per second at which a checkpoint is written while training waits: a 7B model's in 148.8 s
 * (pytorch.org/blog/reducing-checkpointing-times, synchronous), taken as 16 bytes per parameter.
 */
const checkpointBytesPerSecond = (16 * 6.74e9) / 148.8;

export function estimateSavingSeconds(bytes: number): number {
  return bytes / checkpointBytesPerSecond;
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
