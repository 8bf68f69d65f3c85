import { setTimeout as delay } from "node:timers/promises";
import { Cancelled, patience } from "./failure.ts";

const longestPause = 5000;

/** Sleeps, unless the engine cancels. */
export async function pause(milliseconds: number, cancel: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal: cancel });
  } catch {
    throw new Cancelled();
  }
}

/** Pauses that grow: 0.2 s, 0.4 s, … up to 5 s. */
export function* growingPauses(first = 200): Generator<number, never> {
  for (let next = first; ; next = Math.min(next * 2, longestPause)) yield next;
}

export interface Retries {
  cancel: AbortSignal;
  /** Hears of each failure that is waited out. */
  onRetry(error: Error): void;
}

/** Repeats an action while its failure is of a kind that time heals; see `patience`. The first failure starts the clock. */
export async function patiently<T>(action: () => Promise<T>, { cancel, onRetry }: Retries): Promise<T> {
  let failing: number | undefined;
  const pauses = growingPauses();
  for (;;) {
    try {
      return await action();
    } catch (error) {
      failing ??= Date.now();
      const waited = (Date.now() - failing) / 1000;
      if (cancel.aborted || !(error instanceof Error) || waited >= patience(error)) throw error;
      onRetry(error);
      await pause(pauses.next().value, cancel);
    }
  }
}
