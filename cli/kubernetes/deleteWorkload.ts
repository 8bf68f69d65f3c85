import { setTimeout as sleep } from "node:timers/promises";
import { createApiClients } from "./apiClients.ts";
import { isNotFoundError } from "./apiErrors.ts";
import { formatKubectlPrefix } from "./formatKubectlPrefix.ts";
import { readClusterKubeconfig, readClusterNamespace } from "./kubeconfigFile.ts";
import { getResourcePath } from "./objectKinds.ts";
import type { RunKind } from "./objectKinds.ts";
import { outlastOutage } from "./outlastOutage.ts";

const deletionTimeoutMilliseconds = 120_000;
const deletionPollMilliseconds = 500;
/** A server that does not answer takes ten seconds for each. */
const deletionAttempts = 3;

export interface WorkloadReference {
  readonly kind: RunKind;
  readonly name: string;
}

function acceptNotFound(error: unknown): "deleted" {
  if (isNotFoundError(error)) return "deleted";
  throw error;
}

/**
 * Deletes a workload with everything that controllers made of it, and returns when all of it is gone. What it wrote to
 * the store stays.
 * @throws Error if it still exists after two minutes
 */
export async function deleteWorkload(cluster: string, { kind, name }: WorkloadReference): Promise<void> {
  const { custom } = createApiClients(readClusterKubeconfig(cluster));
  const location = { ...getResourcePath(kind), namespace: readClusterNamespace(cluster), name };
  // Foreground: the object goes only after its pods
  const requestDeletion = () =>
    custom.deleteNamespacedCustomObject({ ...location, propagationPolicy: "Foreground" }).catch(acceptNotFound);
  const patience = { pauseMilliseconds: deletionPollMilliseconds, attempts: deletionAttempts };
  await outlastOutage(requestDeletion, patience);
  const readObject = () => custom.getNamespacedCustomObject(location).catch(acceptNotFound);
  for (const end = Date.now() + deletionTimeoutMilliseconds; Date.now() < end; await sleep(deletionPollMilliseconds)) {
    if ((await outlastOutage(readObject, patience)) === "deleted") return;
  }
  throw new Error(
    `${kind} ${name} still exists two minutes after its deletion; ` +
      `see ${formatKubectlPrefix(cluster)} describe ${kind} ${name}`,
  );
}
