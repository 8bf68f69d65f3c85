/** How often a run saves, and what that costs when it is stopped now and then. Times in seconds. */
export interface CheckpointInterval {
  /** Between two checkpoints as the recipe has them. */
  actualSeconds: number;
  /** Where the cost is least: the square root of 2 · saving · between stops (Young 1974, Daly 2006). */
  bestSeconds: number;
  /** Share of the time that is lost to saving and to work done again, to first order, for both. */
  lostShare: { actual: number; best: number };
}

/**
 * Bytes a second at which a checkpoint is written while training waits: a 7B model's in 148.8 s
 * (pytorch.org/blog/reducing-checkpointing-times, synchronous), taken as 16 bytes a parameter.
 */
const checkpointBytesPerSecond = (16 * 6.74e9) / 148.8;

/** Between two stops of a run. Ours: preemption once a day; hardware of one node fails far more seldom. */
export const secondsBetweenStops = 24 * 3600;

export const estimateSavingSeconds = (bytes: number): number => bytes / checkpointBytesPerSecond;

/** The interval that loses least, in seconds. */
export function computeYoungDalyInterval(saving: number, betweenStops: number): number {
  return Math.sqrt(2 * saving * betweenStops);
}

/** Time lost to saving once per interval and to half an interval of work per stop. */
function computeLostShare(interval: number, saving: number, betweenStops: number): number {
  return Math.min(1, saving / interval + interval / (2 * betweenStops));
}

export function computeCheckpointInterval({ secondsPerSave, saving, betweenStops = secondsBetweenStops }: { secondsPerSave: number; saving: number; betweenStops?: number }): CheckpointInterval {
  const best = computeYoungDalyInterval(saving, betweenStops);
  return { actualSeconds: secondsPerSave, bestSeconds: best, lostShare: { actual: computeLostShare(secondsPerSave, saving, betweenStops), best: computeLostShare(best, saving, betweenStops) } };
}
