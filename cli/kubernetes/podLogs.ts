import type { CoreV1Api } from "@kubernetes/client-node";
import { getObjectName } from "./apiObjects.ts";
import type { PodObject } from "./apiObjects.ts";
import { isPodFailed } from "./podStatus.ts";

/** Enough for the summary that a trainer prints after its last progress line, so that the line is not lost. */
const logTailLines = 60;

interface LogLimits {
  /** The most logs that one reading requests, those of the longest ago first; the others stay as they were. */
  readonly logsPerReading?: number;
}

function isSameMap(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([name, log]) => b.get(name) === log);
}

/**
 * Creates a reader of pods' last log lines by the pods' names: the same map as before if no line is new. The log of a
 * failed pod no longer changes, so that it is read only once; a log that could not be read is read again the next time.
 */
export function createLogReader(
  core: Pick<CoreV1Api, "readNamespacedPodLog">,
  namespace: string,
  { logsPerReading = Infinity }: LogLimits = {},
) {
  let logs: ReadonlyMap<string, string> = new Map();
  const finished = new Set<string>();
  const lastReadings = new Map<string, number>();
  let reading = 0;
  const readPodLog = async (pod: PodObject): Promise<[string, string] | null> => {
    const name = getObjectName(pod);
    lastReadings.set(name, reading);
    const log = await core.readNamespacedPodLog({ name, namespace, tailLines: logTailLines }).catch(() => undefined);
    if (log !== undefined && isPodFailed(pod)) finished.add(name);
    return log === undefined ? null : [name, log];
  };
  return async (pods: readonly PodObject[]): Promise<ReadonlyMap<string, string>> => {
    reading += 1;
    const getLastReading = (pod: PodObject) => lastReadings.get(getObjectName(pod)) ?? 0;
    const open = pods.filter((pod) => !finished.has(getObjectName(pod)));
    const due = open.sort((a, b) => getLastReading(a) - getLastReading(b)).slice(0, logsPerReading);
    const found = new Map((await Promise.all(due.map(readPodLog))).filter((entry) => entry !== null));
    const names = pods.map(getObjectName);
    const next = new Map(names.map((name) => [name, found.get(name) ?? logs.get(name) ?? ""]));
    if (!isSameMap(logs, next)) logs = next;
    return logs;
  };
}
