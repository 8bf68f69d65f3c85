import { setTimeout as pause } from "node:timers/promises";
import { isAccessDenied, isForbidden } from "../kubernetes/apiErrors.ts";
import type { ClusterSnapshot } from "../kubernetes/apiObjects.ts";
import { formatUnreadKinds } from "../kubernetes/evidenceReader.ts";
import type { SnapshotReader } from "../kubernetes/snapshotReader.ts";
import type { WatchDisplay } from "./display.ts";
import { determineOverallOutcome } from "./stackState.ts";
import type { ClusterSnapshots, StackState } from "./stackState.ts";

type SnapshotReaders = ReadonlyMap<string, SnapshotReader>;
type TolerantReaders = ReadonlyMap<string, TolerantReader>;

interface WatchLoopInput {
  /** Creates a reader for each cluster, by its name. The signal ends what it reads, and closes what it keeps open. */
  readonly createReaders: (signal: AbortSignal) => SnapshotReaders;
  readonly computeStates: (snapshots: ClusterSnapshots) => readonly StackState[];
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

/**
 * Readings in a row that a server may deny after it has allowed one, half a minute in all: one that has just restarted
 * has not read its access rules for seconds.
 */
const toleratedDenials = 3;

type TolerantReader = () => Promise<ClusterSnapshot | Error>;

/**
 * Creates a reader of snapshots that returns errors which may pass.
 * @throws the API server's error if it refuses the credentials, or goes on denying access
 */
function createTolerantReader(readSnapshot: SnapshotReader): TolerantReader {
  let denialsLeft = 0;
  return async () => {
    try {
      const snapshot = await readSnapshot();
      denialsLeft = toleratedDenials;
      return snapshot;
    } catch (error) {
      const isTolerated = isForbidden(error) && denialsLeft > 0;
      if (isAccessDenied(error) && !isTolerated) throw error;
      if (isTolerated) denialsLeft -= 1;
      return error instanceof Error ? error : new Error(String(error));
    }
  };
}

interface ClusterReadings {
  /** The new snapshots, and the last ones of clusters that could not be read. */
  readonly snapshots: ClusterSnapshots;
  /** True if every cluster could be read. */
  readonly complete: boolean;
  /** The line that tells the user about the readings; null for none. */
  readonly notice: string | null;
}

/** Reads all clusters at the same time: one that does not answer holds up no other. */
async function readClusters(readers: TolerantReaders, last: ClusterSnapshots): Promise<ClusterReadings> {
  const snapshots = new Map(last);
  const notices = await Promise.all(
    [...readers].map(async ([cluster, readSnapshot]) => {
      const result = await readSnapshot();
      if (result instanceof Error) return { failed: true, notice: getFirstLine(result) };
      snapshots.set(cluster, result);
      return { failed: false, notice: formatUnreadKinds(result.unread) };
    }),
  );
  const failures = notices.filter(({ failed }) => failed);
  const told = (failures.length > 0 ? failures : notices).flatMap(({ notice }) => notice ?? []);
  const text = [...new Set(told)].join("; ");
  const prefix = failures.length > 0 ? "Reconnecting; the cells keep running: " : "";
  return { snapshots, complete: failures.length === 0, notice: text === "" ? null : prefix + text };
}

/** True if a reading differs from the last one: a reader returns the same snapshot until something changes. */
function hasNews(last: ClusterReadings, { snapshots, notice }: ClusterReadings): boolean {
  return (
    notice !== last.notice || [...snapshots].some(([cluster, snapshot]) => last.snapshots.get(cluster) !== snapshot)
  );
}

type PollInput = Omit<WatchLoopInput, "createReaders"> & { readonly readers: TolerantReaders };

async function poll({ readers, computeStates, display, signal, pollMilliseconds }: PollInput): Promise<WatchOutcome> {
  let failures = 0;
  let states: readonly StackState[] = [];
  let readings: ClusterReadings | null = null;
  while (!signal.aborted) {
    const last: ClusterReadings | null = readings;
    readings = await readClusters(readers, last?.snapshots ?? new Map());
    if (signal.aborted) break; // the readings were ended, which says nothing about the clusters
    failures = readings.complete ? 0 : failures + 1;
    if (last === null || hasNews(last, readings)) {
      states = computeStates(readings.snapshots);
      display.show(states, readings.notice);
    }
    const outcome = readings.complete ? determineOverallOutcome(states) : "running";
    if (outcome !== "running") return outcome;
    const backoffMilliseconds = pollMilliseconds * 2 ** Math.min(failures, maxDoublings);
    await waitOrAbort(Math.min(maxWaitMilliseconds, backoffMilliseconds), signal);
  }
  return "interrupted";
}

/**
 * Polls until everything is done or failed, or the signal comes. API errors are shown and retried, with growing waits.
 * At the end the readers are closed: a watch that stays open would hold the command until the server ends it, minutes
 * later.
 * @throws the API server's error if it refuses the credentials
 */
export async function pollUntilDone({ createReaders, ...input }: WatchLoopInput): Promise<WatchOutcome> {
  const ended = new AbortController();
  const readers = [...createReaders(AbortSignal.any([input.signal, ended.signal]))];
  const tolerant = readers.map(([cluster, read]) => [cluster, createTolerantReader(read)] as const);
  return poll({ ...input, readers: new Map(tolerant) }).finally(() => ended.abort());
}
