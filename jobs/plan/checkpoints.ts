/** When a run writes checkpoints, and which of them it keeps. */
export interface CheckpointSchedule {
  steps: number;
  saveSteps: number;
  /** The newest that are kept; all where it is left out. */
  saveTotalLimit?: number;
  /** Step of the checkpoint that is evaluated: it stays whatever the limit says. */
  evaluated: number;
}

/** 32-bit weights and both moments of Adam are 12 bytes a parameter, the 16-bit weights 2. */
const checkpointBytesPerParameter = 14;
/** `stage3_gather_16bit_weights_on_model_save` writes the weights a second time, as a model that can be loaded. */
const gatheredBytesPerParameter = 2;

/** Bytes of one checkpoint with the optimizer's state, from which a run resumes. */
export function checkpointBytes(parameters: number, gathered = true): number {
  return parameters * (checkpointBytesPerParameter + (gathered ? gatheredBytesPerParameter : 0));
}

/** Steps at which a checkpoint is written: every `saveSteps`, and at the end. */
export function writtenSteps({ steps, saveSteps }: Pick<CheckpointSchedule, "steps" | "saveSteps">): number[] {
  const regular = Array.from({ length: Math.floor(steps / saveSteps) }, (_, index) => (index + 1) * saveSteps);
  return steps % saveSteps === 0 ? regular : [...regular, steps];
}

export const isWritten = (schedule: CheckpointSchedule, step: number): boolean =>
  step > 0 && step <= schedule.steps && (step % schedule.saveSteps === 0 || step === schedule.steps);

/** Checkpoints that lie in the store: at most at a time, and when the run is over. */
export interface CheckpointCount {
  peak: number;
  kept: number;
}

/** A new checkpoint is complete before the oldest is removed, so that for a while there is one more. */
export function checkpointCount(schedule: CheckpointSchedule): CheckpointCount {
  const written = Math.floor(schedule.steps / schedule.saveSteps) + (schedule.steps % schedule.saveSteps === 0 ? 0 : 1);
  const limit = Math.min(schedule.saveTotalLimit ?? written, written);
  const last = writtenSteps(schedule).slice(written - limit);
  const apart = isWritten(schedule, schedule.evaluated) && !last.includes(schedule.evaluated) ? 1 : 0;
  return { peak: Math.min(written, limit + 1 + apart), kept: limit + apart };
}
