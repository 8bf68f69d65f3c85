import { CoreV1Api, CustomObjectsApi, BatchV1Api, KubeConfig } from "@kubernetes/client-node";
import { partOfLabel } from "../../jobs/kube/labels.ts";
import { logReader } from "./podLogs.ts";
import { isFailed, isRunning } from "./pods.ts";
import type { Conditioned, Snapshot } from "./snapshot.ts";

/** Reads one moment of the cluster. Rejects when the API server cannot be reached or refuses. */
export type ReadSnapshot = () => Promise<Snapshot>;

interface Clients {
  readonly core: CoreV1Api;
  readonly batch: BatchV1Api;
  readonly custom: CustomObjectsApi;
}

const clientsOf = (kubeconfig: string): Clients => {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  return { core: config.makeApiClient(CoreV1Api), batch: config.makeApiClient(BatchV1Api), custom: config.makeApiClient(CustomObjectsApi) };
};

const partOf = `${partOfLabel}=mixcpt`;

/** The API server gives custom resources as plain JSON; a kind that is not installed (yet) has no objects. */
const customObjects = async (custom: CustomObjectsApi, kind: { group: string; version: string; plural: string }, namespace: string): Promise<Conditioned[]> => {
  try {
    const list: { items?: Conditioned[] } = await custom.listNamespacedCustomObject({ ...kind, namespace, labelSelector: partOf });
    return list.items ?? [];
  } catch (error) {
    if (error instanceof Object && "code" in error && error.code === 404) return [];
    throw error;
  }
};

interface Where {
  kubeconfig: string;
  namespace: string;
}

/** Reader of one namespace: one list per kind, and no logs. */
export const objectReader = ({ kubeconfig, namespace }: Where): ReadSnapshot => {
  const { core, batch, custom } = clientsOf(kubeconfig);
  return async () => {
    const [pods, jobs, trainJobs, jobSets] = await Promise.all([
      core.listNamespacedPod({ namespace }),
      batch.listNamespacedJob({ namespace }),
      customObjects(custom, { group: "trainer.kubeflow.org", version: "v1alpha1", plural: "trainjobs" }, namespace),
      customObjects(custom, { group: "jobset.x-k8s.io", version: "v1alpha2", plural: "jobsets" }, namespace),
    ]);
    return { now: Date.now(), pods: pods.items, jobs: jobs.items, trainJobs, jobSets, logs: new Map() };
  };
};

/** Reader of one namespace: its objects, and the last log lines of every running or failed pod. */
export const clusterReader = (where: Where): ReadSnapshot => {
  const readObjects = objectReader(where);
  const readLogs = logReader(clientsOf(where.kubeconfig).core, where.namespace);
  return async () => {
    const objects = await readObjects();
    return { ...objects, logs: await readLogs(objects.pods.filter((pod) => isRunning(pod) || isFailed(pod))) };
  };
};
