import { setTimeout as sleep } from "node:timers/promises";
import { BatchV1Api, CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import { platformNames } from "../../jobs/kube/clusterOutputs.ts";
import { readClusterKubeconfig } from "../cluster/clusterStack.ts";
import { readClusterName } from "../cluster/dependentStacks.ts";
import { createSnapshotReader, createObjectReader } from "../kubernetes/snapshotReader.ts";
import { formatKubectlPrefix } from "../kubernetes/formatKubectlPrefix.ts";
import type { ClusterSnapshot } from "../kubernetes/apiObjects.ts";
import type { FailedRun, RunKind } from "./failedRuns.ts";

const { namespace: workloadNamespace } = platformNames;
const deletionTimeoutMilliseconds = 120_000;

/**
 * What runs on the cluster of a stack; with logs, the last lines of pods that run or have failed.
 * @throws Error where the cluster is not there or does not answer
 */
export async function readStackSnapshot(stack: string, { logs }: { logs: boolean }): Promise<ClusterSnapshot> {
  const cluster = readClusterName(stack);
  const where = { kubeconfig: readClusterKubeconfig(cluster), namespace: workloadNamespace };
  try {
    return await (logs ? createSnapshotReader(where) : createObjectReader(where))();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`cluster "${cluster}" does not answer (${why}): ./mixcpt doctor says what is there`, {
      cause: error,
    });
  }
}

const customKinds: Record<Exclude<RunKind, "job">, { group: string; version: string; plural: string }> = {
  trainjob: { group: "trainer.kubeflow.org", version: "v1alpha1", plural: "trainjobs" },
  jobset: { group: "jobset.x-k8s.io", version: "v1alpha2", plural: "jobsets" },
};

interface ObjectClient {
  readonly remove: (name: string) => Promise<unknown>;
  readonly read: (name: string) => Promise<unknown>;
}

function createObjectClient(stack: string, kind: RunKind): ObjectClient {
  const config = new KubeConfig();
  config.loadFromString(readClusterKubeconfig(readClusterName(stack)));
  const propagationPolicy = "Foreground"; // its pods end before it is gone
  if (kind === "job") {
    const batch = config.makeApiClient(BatchV1Api);
    return {
      remove: (name) => batch.deleteNamespacedJob({ namespace: workloadNamespace, name, propagationPolicy }),
      read: (name) => batch.readNamespacedJob({ namespace: workloadNamespace, name }),
    };
  }
  const api = config.makeApiClient(CustomObjectsApi);
  const locateObject = (name: string) => ({ ...customKinds[kind], namespace: workloadNamespace, name });
  return {
    remove: (name) => api.deleteNamespacedCustomObject({ ...locateObject(name), propagationPolicy }),
    read: (name) => api.getNamespacedCustomObject(locateObject(name)),
  };
}

function isNotFoundError(error: unknown): boolean {
  return error instanceof Object && "code" in error && error.code === 404;
}

/**
 * Deletes a run with everything that controllers made of it, and returns when all of it is gone; what it wrote to the
 * store stays. @throws Error where it is still there after two minutes
 */
export async function deleteRun(stack: string, { kind, name }: Pick<FailedRun, "kind" | "name">): Promise<void> {
  const { remove, read } = createObjectClient(stack, kind);
  const acceptNotFound = (error: unknown): "gone" => {
    if (isNotFoundError(error)) return "gone";
    throw error;
  };
  await remove(name).catch(acceptNotFound);
  for (const end = Date.now() + deletionTimeoutMilliseconds; Date.now() < end; await sleep(500)) {
    if ((await read(name).catch(acceptNotFound)) === "gone") return;
  }
  throw new Error(
    `${kind} ${name} is still being deleted after two minutes: ${formatKubectlPrefix(readClusterName(stack))} describe ${kind} ${name}`,
  );
}
