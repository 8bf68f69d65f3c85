/** Jobs of an evaluation's JobSet: those that wait, one for each benchmark by its name, and the one that publishes. */

/** First of all: waits, without a GPU, for what is evaluated. */
export const awaitCheckpointJobName = "await-checkpoint";

/** Waits for the task files of a benchmark. */
export function formatAwaitJobName(benchmark: string): string {
  return `await-${benchmark}`;
}

export const publishJobName = "publish";

/** Whether a Job asks a benchmark. A benchmark's name has no dash. */
export function isBenchmarkJob(name = publishJobName): boolean {
  return name !== publishJobName && !name.startsWith(formatAwaitJobName(""));
}
