import { setTimeout as delay } from "node:timers/promises";
import { CancelledError, computeRetrySeconds } from "./providerErrors.ts";

const longestPauseMs = 5000;

/** Sleeps, unless the engine cancels. */
export async function sleepUnlessCancelled(milliseconds: number, cancel: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal: cancel });
  } catch {
    throw new CancelledError();
  }
}

/** Pauses that grow: 0.2 s, 0.4 s, … up to 5 s. */
export function* generatePauses(first = 200): Generator<number, never> {
  for (let next = first; ; next = Math.min(next * 2, longestPauseMs)) yield next;
}

export interface RetryOptions {
  readonly cancel: AbortSignal;
  /** Hears of each failure that is waited out. */
  onRetry(error: Error): void;
}

/** Repeats an action while its failure is of a kind that time heals; see `patience`. The first failure starts the clock. */
export async function retryTransientFailures<T>(
  action: () => Promise<T>,
  { cancel, onRetry }: RetryOptions,
): Promise<T> {
  let failing: number | undefined;
  const pauses = generatePauses();
  for (;;) {
    try {
      return await action();
    } catch (error) {
      failing ??= Date.now();
      const waited = (Date.now() - failing) / 1000;
      if (cancel.aborted || !(error instanceof Error) || waited >= computeRetrySeconds(error)) throw error;
      onRetry(error);
      await sleepUnlessCancelled(pauses.next().value, cancel);
    }
  }
}
