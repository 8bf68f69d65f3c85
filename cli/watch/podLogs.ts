import type { CoreV1Api } from "@kubernetes/client-node";
import { isFailed } from "./pods.ts";
import { nameOf, type Pod } from "./snapshot.ts";

/** As many as a trainer prints after its last progress, with room: its summary must not push that out. */
const logLines = 60;

/** Last lines of pods' logs by the pods' names. What a failed pod said does not change: it is read once; where reading fails, again. */
export const logReader = (core: Pick<CoreV1Api, "readNamespacedPodLog">, namespace: string) => {
  const finished = new Map<string, string>();
  const read = async (pod: Pod): Promise<[string, string]> => {
    const name = nameOf(pod);
    const log = finished.get(name) ?? await core.readNamespacedPodLog({ name, namespace, tailLines: logLines }).catch(() => undefined);
    if (log !== undefined && isFailed(pod)) finished.set(name, log);
    return [name, log ?? ""];
  };
  return async (pods: readonly Pod[]) => new Map(await Promise.all(pods.map(read)));
};
