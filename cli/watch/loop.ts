import { setTimeout as pause } from "node:timers/promises";
import type { ReadSnapshot } from "./cluster.ts";
import type { Display } from "./display.ts";
import { gridState, outcome } from "./gridState.ts";
import type { WatchedStack } from "./snapshot.ts";

export interface Watched {
  readonly submitted: WatchedStack;
  readonly namespace: string;
  readonly read: ReadSnapshot;
  readonly display: Display;
  readonly signal: AbortSignal;
  /** Milliseconds between two polls. */
  readonly every: number;
}

export type Outcome = "done" | "failed" | "interrupted";

const longestWait = 30_000;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";

/** Waits, or returns at once when the signal comes. */
const wait = (milliseconds: number, signal: AbortSignal): Promise<unknown> => pause(milliseconds, null, { signal }).catch(() => null);

/** Credentials that the API server does not take today it will not take in a minute. */
const isRefusal = (error: unknown): boolean => error instanceof Object && "code" in error && (error.code === 401 || error.code === 403);

/**
 * Polls until every cell is done or failed, or the signal comes; API errors are shown and outlived, with growing pauses.
 * @throws what the API server said where it refuses the credentials
 */
export const watchLoop = async ({ submitted, namespace, read, display, signal, every }: Watched): Promise<Outcome> => {
  let failures = 0;
  while (!signal.aborted) {
    try {
      const state = gridState(submitted, await read(), namespace);
      failures = 0;
      display.notice(null);
      display.show(state);
      const result = outcome(state);
      if (result !== "running") return result;
    } catch (error) {
      if (isRefusal(error)) throw error;
      failures += 1;
      display.notice(`Reconnecting, the cells go on meanwhile: ${messageOf(error)}`);
    }
    await wait(Math.min(longestWait, every * 2 ** Math.min(failures, 6)), signal);
  }
  return "interrupted";
};
