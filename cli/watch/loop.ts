import { setTimeout as pause } from "node:timers/promises";
import type { ReadSnapshot } from "./cluster.ts";
import type { Display } from "./display.ts";
import { outcome, type GridState } from "./gridState.ts";
import type { Snapshot } from "./snapshot.ts";

export interface Watched {
  /** What the cluster's answer says of the stack. */
  readonly look: (snapshot: Snapshot) => GridState;
  readonly read: ReadSnapshot;
  readonly display: Display;
  readonly signal: AbortSignal;
  /** Milliseconds between two polls. */
  readonly every: number;
}

export type Outcome = "done" | "failed" | "interrupted";

const longestWait = 30_000;

const firstLine = ({ message }: Error): string => message.split("\n")[0] ?? "";

/** Waits, or returns at once when the signal comes. */
const wait = (milliseconds: number, signal: AbortSignal): Promise<unknown> => pause(milliseconds, null, { signal }).catch(() => null);

/** Credentials that the API server does not take today it will not take in a minute. */
const isRefusal = (error: unknown): boolean => error instanceof Object && "code" in error && (error.code === 401 || error.code === 403);

/** The cluster's answer, or why there is none. @throws what the API server said where it refuses the credentials */
const answerOf = (read: ReadSnapshot): Promise<Snapshot | Error> =>
  read().catch((error: unknown) => {
    if (isRefusal(error)) throw error;
    return error instanceof Error ? error : new Error(String(error));
  });

/**
 * Polls until everything is done or failed, or the signal comes; API errors are shown and outlived, with growing pauses.
 * @throws what the API server said where it refuses the credentials
 */
export const watchLoop = async ({ look, read, display, signal, every }: Watched): Promise<Outcome> => {
  let failures = 0;
  while (!signal.aborted) {
    const answer = await answerOf(read);
    if (answer instanceof Error) {
      failures += 1;
      display.notice(`Reconnecting, the cells go on meanwhile: ${firstLine(answer)}`);
    } else {
      failures = 0;
      display.notice(null);
      const state = look(answer);
      display.show(state);
      const result = outcome(state);
      if (result !== "running") return result;
    }
    await wait(Math.min(longestWait, every * 2 ** Math.min(failures, 6)), signal);
  }
  return "interrupted";
};
