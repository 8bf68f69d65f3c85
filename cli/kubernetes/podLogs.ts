import type { CoreV1Api } from "@kubernetes/client-node";
import { getObjectName } from "./apiObjects.ts";
import type { PodObject } from "./apiObjects.ts";
import { isPodFailed } from "./podStatus.ts";

/** Enough for the summary that a trainer prints after its last progress line, so that the line is not lost. */
const logTailLines = 60;

/**
 * Creates a reader of pods' last log lines by the pods' names. The log of a failed pod no longer changes, so that it is
 * read only once; a log that could not be read is empty, and read again the next time.
 */
export function createLogReader(core: Pick<CoreV1Api, "readNamespacedPodLog">, namespace: string) {
  const finishedLogs = new Map<string, string>();
  const readPodLog = async (pod: PodObject): Promise<[string, string]> => {
    const name = getObjectName(pod);
    const log =
      finishedLogs.get(name) ??
      (await core.readNamespacedPodLog({ name, namespace, tailLines: logTailLines }).catch(() => undefined));
    if (log !== undefined && isPodFailed(pod)) finishedLogs.set(name, log);
    return [name, log ?? ""];
  };
  return async (pods: readonly PodObject[]) => new Map(await Promise.all(pods.map(readPodLog)));
}
