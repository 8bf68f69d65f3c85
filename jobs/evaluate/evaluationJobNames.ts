/** Names of the Jobs in an evaluation's JobSet. The Job of a benchmark has the benchmark's name. */

/** The Job that waits, without a GPU, for the evaluated checkpoint. */
export const awaitCheckpointJobName = "await-checkpoint";

/** Formats the name of the Job that waits for the task files of a benchmark. */
export function formatAwaitJobName(benchmark: string): string {
  return `await-${benchmark}`;
}

export const publishJobName = "publish";

/** Returns true if a Job waits for the checkpoint or for task files. */
export function isAwaitJob(name = publishJobName): boolean {
  return name.startsWith(formatAwaitJobName(""));
}

/** Returns true if a Job scores a benchmark. A benchmark's name has no dash. */
export function isBenchmarkJob(name = publishJobName): boolean {
  return name !== publishJobName && !isAwaitJob(name);
}
