import { platformNames } from "../../jobs/kube/clusterOutputs.ts";
import { readClusterName } from "../cluster/dependentStacks.ts";
import { explainClientError } from "../kubernetes/apiErrors.ts";
import type { ClusterSnapshot } from "../kubernetes/apiObjects.ts";
import { deleteWorkload } from "../kubernetes/deleteWorkload.ts";
import type { WorkloadReference } from "../kubernetes/deleteWorkload.ts";
import { readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { createObjectReader, createSnapshotReader } from "../kubernetes/snapshotReader.ts";

/**
 * Reads the objects on the cluster of a stack; with `logs`, also the last log lines of running and failed pods.
 * @throws Error that says what to do if the cluster has no kubeconfig or cannot be read
 */
export async function readStackSnapshot(stack: string, { logs }: { logs: boolean }): Promise<ClusterSnapshot> {
  const cluster = readClusterName(stack);
  const access = { kubeconfig: readClusterKubeconfig(cluster), namespace: platformNames.namespace };
  try {
    return await (logs ? createSnapshotReader(access) : createObjectReader(access))();
  } catch (error) {
    throw new Error(explainClientError(cluster, error, access.kubeconfig), { cause: error });
  }
}

/** Deletes a run of a stack and returns when all of it is gone. @throws Error if it still exists after two minutes */
export function deleteRun(stack: string, run: WorkloadReference): Promise<void> {
  return deleteWorkload(readClusterName(stack), run);
}
