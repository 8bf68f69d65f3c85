import type { CustomObjectsApi } from "@kubernetes/client-node";
import { readContextNamespace } from "../../infra/kubeconfigContext.ts";
import { createApiClients } from "./apiClients.ts";
import type { ApiClients, RequestLimits } from "./apiClients.ts";
import { isNotFoundError } from "./apiErrors.ts";
import { emptyEvidence } from "./apiObjects.ts";
import type { ClusterSnapshot, ConditionedObject } from "./apiObjects.ts";
import { createEvidenceReader } from "./evidenceReader.ts";
import type { EvidenceOptions } from "./evidenceReader.ts";
import { getResourcePath, projectSelector } from "./objectKinds.ts";
import type { RunKind } from "./objectKinds.ts";
import { createLogReader } from "./podLogs.ts";
import { isPodFailed, isPodRunning } from "./podStatus.ts";

/** Reads the state of a namespace. Rejects if the API server is unreachable or refuses. */
export type SnapshotReader = () => Promise<ClusterSnapshot>;

/** The API server returns custom resources as plain JSON. A kind that is not installed (yet) has no objects. */
async function listCustomObjects(
  custom: CustomObjectsApi,
  kind: RunKind,
  namespace: string,
): Promise<ConditionedObject[]> {
  try {
    const list: { items?: ConditionedObject[] } = await custom.listNamespacedCustomObject({
      ...getResourcePath(kind),
      namespace,
      labelSelector: projectSelector,
    });
    return list.items ?? [];
  } catch (error) {
    if (isNotFoundError(error)) return [];
    throw error;
  }
}

async function readObjects({ core, batch, custom }: ApiClients, namespace: string): Promise<ClusterSnapshot> {
  const [pods, jobs, trainJobs, jobSets] = await Promise.all([
    core.listNamespacedPod({ namespace }),
    batch.listNamespacedJob({ namespace }),
    listCustomObjects(custom, "trainjob", namespace),
    listCustomObjects(custom, "jobset", namespace),
  ]);
  const runs = { pods: pods.items, jobs: jobs.items, trainJobs, jobSets };
  return { now: Date.now(), ...runs, ...emptyEvidence, logs: new Map() };
}

export interface NamespaceAccess {
  /** Content of a kubeconfig. */
  readonly kubeconfig: string;
  readonly namespace: string;
}

/** Returns the access to the namespace of the experiments that a kubeconfig names. */
export function getNamespaceAccess(kubeconfig: string): NamespaceAccess {
  return { kubeconfig, namespace: readContextNamespace(kubeconfig) };
}

/**
 * Creates a reader of one namespace's objects, of what says why they wait, and of the last log lines of every running
 * or failed pod.
 */
export function createSnapshotReader(
  { kubeconfig, namespace }: NamespaceAccess,
  options: EvidenceOptions & RequestLimits = {},
): SnapshotReader {
  const clients = createApiClients(kubeconfig, options);
  const readLogs = createLogReader(clients.core, namespace);
  const readEvidence = createEvidenceReader(clients, namespace, options);
  return async () => {
    const snapshot = await readObjects(clients, namespace);
    const [evidence, logs] = await Promise.all([
      readEvidence(snapshot.pods),
      readLogs(snapshot.pods.filter((pod) => isPodRunning(pod) || isPodFailed(pod))),
    ]);
    return { ...snapshot, ...evidence, logs };
  };
}
