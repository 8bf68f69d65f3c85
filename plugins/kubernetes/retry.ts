import { setTimeout as delay } from "node:timers/promises";
import { CancelledError, computeOutageLimit, computeRetrySeconds, getOutage } from "./providerErrors.ts";

const longestPauseMs = 5000;

/** @throws CancelledError if the engine cancels */
export async function sleepUnlessCancelled(milliseconds: number, cancel: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal: cancel });
  } catch {
    throw new CancelledError();
  }
}

/** Generates pauses in milliseconds that double up to 5 s: 200, 400, … */
export function* generatePauses(first = 200): Generator<number, never> {
  for (let next = first; ; next = Math.min(next * 2, longestPauseMs)) yield next;
}

interface RetryOptions {
  readonly cancel: AbortSignal;
  /** Returns how long to retry, in seconds from the first failure; computeRetrySeconds by default. */
  readonly computeSeconds?: (error: Error) => number;
  /** Returns the longest time for a failure, also as part of an outage, in seconds; without a limit by default. */
  readonly computeLongest?: (error: Error) => number;
  /** Receives each failure before the next attempt. */
  onRetry(error: Error): void;
}

/** The line that announces an outage, once for all requests that it interrupts. */
export function formatOutage(error: Error, longest = Infinity): string {
  const limit = Math.min(computeOutageLimit(error), longest);
  return `warning: the API server does not answer as it should (${error.message}); trying again for up to ${limit} s`;
}

/** Adds to the message of a failure that it lasted. The error keeps its class, on which callers depend. */
function markAsLasting(error: Error, seconds: number): Error {
  const remark = ` (tried again for ${seconds} s)`;
  if (!error.message.endsWith(remark)) error.message += remark;
  return error;
}

/**
 * Repeats an action after failures that may pass. An outage is waited for once, whatever it interrupts.
 * @throws the last error, which says how long the action was tried again
 */
export async function retryTransientFailures<T>(
  action: () => Promise<T>,
  { cancel, onRetry, computeSeconds = computeRetrySeconds, computeLongest = () => Infinity }: RetryOptions,
): Promise<T> {
  let [startMs, limit] = [Infinity, 0];
  const pauses = generatePauses();
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (cancel.aborted || !(error instanceof Error) || computeSeconds(error) === 0) throw error;
      const outage = getOutage(error);
      startMs = Math.min(startMs, outage?.startMs ?? Date.now());
      const seconds = Math.max(outage?.limitSeconds ?? 0, computeSeconds(error));
      limit = Math.max(limit, Math.min(seconds, computeLongest(error)));
      if (Date.now() - startMs >= limit * 1000) throw markAsLasting(error, limit);
      onRetry(error);
      await sleepUnlessCancelled(pauses.next().value, cancel);
    }
  }
}
