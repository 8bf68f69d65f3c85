import { setTimeout as pause } from "node:timers/promises";
import { isAccessDenied } from "../kubernetes/apiErrors.ts";
import type { ClusterSnapshot } from "../kubernetes/apiObjects.ts";
import { formatUnreadKinds } from "../kubernetes/evidenceReader.ts";
import type { SnapshotReader } from "../kubernetes/snapshotReader.ts";
import type { WatchDisplay } from "./display.ts";
import { determineOutcome } from "./gridState.ts";
import type { GridState } from "./gridState.ts";

interface WatchLoopInput {
  readonly readSnapshot: SnapshotReader;
  readonly computeState: (snapshot: ClusterSnapshot) => GridState;
  readonly display: WatchDisplay;
  readonly signal: AbortSignal;
  /** Time between two polls. */
  readonly pollMilliseconds: number;
}

export type WatchOutcome = "done" | "failed" | "interrupted";

const maxWaitMilliseconds = 30_000;
/** The wait between polls doubles with each failure, at most this many times. */
const maxDoublings = 6;

function getFirstLine({ message }: Error): string {
  return message.split("\n")[0] ?? "";
}

/** Waits, or returns at once when the signal comes. */
function waitOrAbort(milliseconds: number, signal: AbortSignal): Promise<unknown> {
  return pause(milliseconds, null, { signal }).catch(() => null);
}

/** Reads a snapshot, or returns the error. @throws the API server's error if it refuses the credentials */
function tryReadSnapshot(readSnapshot: SnapshotReader): Promise<ClusterSnapshot | Error> {
  return readSnapshot().catch((error: unknown) => {
    if (isAccessDenied(error)) throw error;
    return error instanceof Error ? error : new Error(String(error));
  });
}

/**
 * Polls until everything is done or failed, or the signal comes. API errors are shown and retried, with growing waits.
 * @throws the API server's error if it refuses the credentials
 */
export async function pollUntilDone({
  readSnapshot,
  computeState,
  display,
  signal,
  pollMilliseconds,
}: WatchLoopInput): Promise<WatchOutcome> {
  let failures = 0;
  while (!signal.aborted) {
    const result = await tryReadSnapshot(readSnapshot);
    if (result instanceof Error) {
      failures += 1;
      display.notice(`Reconnecting; the cells keep running: ${getFirstLine(result)}`);
    } else {
      failures = 0;
      display.notice(formatUnreadKinds(result.unread));
      const state = computeState(result);
      display.show(state);
      const outcome = determineOutcome(state);
      if (outcome !== "running") return outcome;
    }
    const backoffMilliseconds = pollMilliseconds * 2 ** Math.min(failures, maxDoublings);
    await waitOrAbort(Math.min(maxWaitMilliseconds, backoffMilliseconds), signal);
  }
  return "interrupted";
}
