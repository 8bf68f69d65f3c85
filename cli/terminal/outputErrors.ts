/**
 * Commands that change a cluster, Pulumi's state or this machine. Ending one halfway would leave an interrupted update
 * behind, or the stack that a preview creates in the backend for a moment.
 */
const changingCommands = [
  "adopt",
  "cluster",
  "demo",
  "deploy",
  "destroy",
  "down",
  "preview",
  "refresh",
  "retry",
  "setup",
  "up",
];

/**
 * Decides what a failed write to standard output or standard error means for this process. A closed pipe is not an
 * error: a reader such as head closes it once it has enough lines.
 * @returns the exit code to end with at once, or undefined to continue without a reader
 */
export function selectOutputErrorExit(code: string | undefined, command: string | undefined): number | undefined {
  if (code !== "EPIPE") return 1;
  return changingCommands.includes(command ?? "") ? undefined : 0;
}

/** Replaces the stack trace with which Node.js ends a process whose output cannot be written. */
export function handleOutputErrors(command: string | undefined): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", ({ code, message }: NodeJS.ErrnoException) => {
      const exitCode = selectOutputErrorExit(code, command);
      if (exitCode === undefined) return;
      if (exitCode !== 0 && stream === process.stdout) console.error(`standard output: cannot be written: ${message}`);
      process.exit(exitCode || process.exitCode); // a failure that was found before stays one
    });
}
