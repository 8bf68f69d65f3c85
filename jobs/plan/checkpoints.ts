/** When a run writes checkpoints, and which of them it keeps. */
export interface CheckpointSchedule {
  steps: number;
  saveSteps: number;
  /** The newest that are kept; all where it is left out. */
  saveTotalLimit?: number;
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

export const isCheckpointWritten = (schedule: Pick<CheckpointSchedule, "steps" | "saveSteps">, step: number): boolean =>
  step > 0 && step <= schedule.steps && (step % schedule.saveSteps === 0 || step === schedule.steps);

/** Steps whose checkpoints are there when the run is over: the trainer removes the oldest, whoever still needs them. */
export function listKeptSteps(schedule: CheckpointSchedule): number[] {
  const written = listWrittenSteps(schedule);
  return written.slice(-(schedule.saveTotalLimit ?? written.length));
}

/** Checkpoints that lie in the store: at most at a time, and when the run is over. */
export interface CheckpointCount {
  peak: number;
  kept: number;
}

/** A new checkpoint is complete before the oldest is removed, so that for a while there is one more. */
export function countCheckpoints(schedule: CheckpointSchedule): CheckpointCount {
  const kept = listKeptSteps(schedule).length;
  return { peak: Math.min(listWrittenSteps(schedule).length, kept + 1), kept };
}
