import { setTimeout as delay } from "node:timers/promises";
import { CancelledError, computeRetrySeconds } from "./providerErrors.ts";

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
  /** Receives each failure before the next attempt. */
  onRetry(error: Error): void;
}

/** Repeats an action while computeRetrySeconds allows it, counted from the first failure. */
export async function retryTransientFailures<T>(
  action: () => Promise<T>,
  { cancel, onRetry }: RetryOptions,
): Promise<T> {
  let firstFailureMs: number | undefined;
  const pauses = generatePauses();
  for (;;) {
    try {
      return await action();
    } catch (error) {
      firstFailureMs ??= Date.now();
      const elapsedSeconds = (Date.now() - firstFailureMs) / 1000;
      if (cancel.aborted || !(error instanceof Error) || elapsedSeconds >= computeRetrySeconds(error)) throw error;
      onRetry(error);
      await sleepUnlessCancelled(pauses.next().value, cancel);
    }
  }
}
