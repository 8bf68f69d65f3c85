/** Usual minutes of work: of all, of what has ended, and of each item that runs with the minutes since its start. */
interface WorkProgress {
  readonly total: number;
  readonly finished: number;
  readonly running: readonly { readonly usual: number; readonly elapsed: number }[];
}

/**
 * Estimates the remaining seconds from the pace so far, at which items run side by side. One that runs counts as far as
 * its usual duration, because otherwise the first short one to end would stand for hours.
 */
export function estimateRemainingSeconds({ total, finished, running }: WorkProgress, elapsedSeconds: number): number {
  const done = running.reduce((sum, { usual, elapsed }) => sum + Math.min(usual, elapsed), finished);
  const secondsPerMinute = done === 0 ? 60 : elapsedSeconds / done;
  return (total - done) * secondsPerMinute;
}
