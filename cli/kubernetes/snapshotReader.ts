import { CoreV1Api, CustomObjectsApi, BatchV1Api, KubeConfig } from "@kubernetes/client-node";
import { partOfLabel } from "../../jobs/kube/objectLabels.ts";
import { createLogReader } from "./podLogs.ts";
import { isPodFailed, isPodRunning } from "./podStatus.ts";
import type { ConditionedObject, ClusterSnapshot } from "./apiObjects.ts";

/** Reads one moment of the cluster. Rejects when the API server cannot be reached or refuses. */
export type SnapshotReader = () => Promise<ClusterSnapshot>;

interface ApiClients {
  readonly core: CoreV1Api;
  readonly batch: BatchV1Api;
  readonly custom: CustomObjectsApi;
}

function createApiClients(kubeconfig: string): ApiClients {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  return {
    core: config.makeApiClient(CoreV1Api),
    batch: config.makeApiClient(BatchV1Api),
    custom: config.makeApiClient(CustomObjectsApi),
  };
}

const projectSelector = `${partOfLabel}=mixcpt`;

/** The API server gives custom resources as plain JSON; a kind that is not installed (yet) has no objects. */
async function listCustomObjects(
  custom: CustomObjectsApi,
  kind: { group: string; version: string; plural: string },
  namespace: string,
): Promise<ConditionedObject[]> {
  try {
    const list: { items?: ConditionedObject[] } = await custom.listNamespacedCustomObject({
      ...kind,
      namespace,
      labelSelector: projectSelector,
    });
    return list.items ?? [];
  } catch (error) {
    if (error instanceof Object && "code" in error && error.code === 404) return [];
    throw error;
  }
}

interface NamespaceAccess {
  readonly kubeconfig: string;
  readonly namespace: string;
}

/** Reader of one namespace: one list per kind, and no logs. */
export function createObjectReader({ kubeconfig, namespace }: NamespaceAccess): SnapshotReader {
  const { core, batch, custom } = createApiClients(kubeconfig);
  return async () => {
    const [pods, jobs, trainJobs, jobSets] = await Promise.all([
      core.listNamespacedPod({ namespace }),
      batch.listNamespacedJob({ namespace }),
      listCustomObjects(custom, { group: "trainer.kubeflow.org", version: "v1alpha1", plural: "trainjobs" }, namespace),
      listCustomObjects(custom, { group: "jobset.x-k8s.io", version: "v1alpha2", plural: "jobsets" }, namespace),
    ]);
    return { now: Date.now(), pods: pods.items, jobs: jobs.items, trainJobs, jobSets, logs: new Map() };
  };
}

/** Reader of one namespace: its objects, and the last log lines of every running or failed pod. */
export function createSnapshotReader(where: NamespaceAccess): SnapshotReader {
  const readObjects = createObjectReader(where);
  const readLogs = createLogReader(createApiClients(where.kubeconfig).core, where.namespace);
  return async () => {
    const objects = await readObjects();
    return { ...objects, logs: await readLogs(objects.pods.filter((pod) => isPodRunning(pod) || isPodFailed(pod))) };
  };
}
