import { setTimeout as pause } from "node:timers/promises";
import type { SnapshotReader } from "../kubernetes/snapshotReader.ts";
import type { WatchDisplay } from "./display.ts";
import { determineOutcome } from "./gridState.ts";
import type { GridState } from "./gridState.ts";
import type { ClusterSnapshot } from "../kubernetes/apiObjects.ts";

export interface WatchLoopInput {
  /** What the cluster's answer says of the stack. */
  readonly look: (snapshot: ClusterSnapshot) => GridState;
  readonly readSnapshot: SnapshotReader;
  readonly display: WatchDisplay;
  readonly signal: AbortSignal;
  /** Milliseconds between two polls. */
  readonly every: number;
}

export type WatchOutcome = "done" | "failed" | "interrupted";

const maxWaitMilliseconds = 30_000;

function getFirstLine({ message }: Error): string {
  return message.split("\n")[0] ?? "";
}

/** Waits, or returns at once when the signal comes. */
function waitOrAbort(milliseconds: number, signal: AbortSignal): Promise<unknown> {
  return pause(milliseconds, null, { signal }).catch(() => null);
}

/** Credentials that the API server does not take today it will not take in a minute. */
function isAccessDenied(error: unknown): boolean {
  return error instanceof Object && "code" in error && (error.code === 401 || error.code === 403);
}

/** The cluster's answer, or why there is none. @throws what the API server said where it refuses the credentials */
function tryReadSnapshot(read: SnapshotReader): Promise<ClusterSnapshot | Error> {
  return read().catch((error: unknown) => {
    if (isAccessDenied(error)) throw error;
    return error instanceof Error ? error : new Error(String(error));
  });
}

/**
 * Polls until everything is done or failed, or the signal comes; API errors are shown and outlived, with growing pauses.
 * @throws what the API server said where it refuses the credentials
 */
export async function pollUntilDone({
  look,
  readSnapshot: read,
  display,
  signal,
  every,
}: WatchLoopInput): Promise<WatchOutcome> {
  let failures = 0;
  while (!signal.aborted) {
    const answer = await tryReadSnapshot(read);
    if (answer instanceof Error) {
      failures += 1;
      display.notice(`Reconnecting, the cells go on meanwhile: ${getFirstLine(answer)}`);
    } else {
      failures = 0;
      display.notice(null);
      const state = look(answer);
      display.show(state);
      const result = determineOutcome(state);
      if (result !== "running") return result;
    }
    await waitOrAbort(Math.min(maxWaitMilliseconds, every * 2 ** Math.min(failures, 6)), signal);
  }
  return "interrupted";
}
