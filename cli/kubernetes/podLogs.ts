import type { CoreV1Api } from "@kubernetes/client-node";
import { isPodFailed } from "./podStatus.ts";
import { getObjectName } from "./apiObjects.ts";
import type { PodObject } from "./apiObjects.ts";

/** As many as a trainer prints after its last progress, with room: its summary must not push that out. */
const logTailLines = 60;

/** Last lines of pods' logs by the pods' names. What a failed pod said does not change: it is read once; where reading fails, again. */
export function createLogReader(core: Pick<CoreV1Api, "readNamespacedPodLog">, namespace: string) {
  const finished = new Map<string, string>();
  const readPodLog = async (pod: PodObject): Promise<[string, string]> => {
    const name = getObjectName(pod);
    const log =
      finished.get(name) ??
      (await core.readNamespacedPodLog({ name, namespace, tailLines: logTailLines }).catch(() => undefined));
    if (log !== undefined && isPodFailed(pod)) finished.set(name, log);
    return [name, log ?? ""];
  };
  return async (pods: readonly PodObject[]) => new Map(await Promise.all(pods.map(readPodLog)));
}
