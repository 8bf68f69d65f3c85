import { computeQuestionSeconds } from "../../plugins/kubernetes/providerErrors.ts";
import { updateKubeconfig } from "../engine/clusterKubeconfig.ts";
import type { RecordedCluster } from "../engine/recordedRuns.ts";
import { formatErrorMessage } from "../explainError.ts";
import { explainClientError } from "../kubernetes/apiErrors.ts";
import type { ClusterSnapshot } from "../kubernetes/apiObjects.ts";
import { deleteWorkload } from "../kubernetes/deleteWorkload.ts";
import type { WorkloadReference } from "../kubernetes/deleteWorkload.ts";
import { hasKubeconfig, readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { probeApiServer } from "../kubernetes/probeApiServer.ts";
import type { SnapshotExtent } from "../kubernetes/snapshotReader.ts";
import { createSnapshotReader, getNamespaceAccess } from "../kubernetes/snapshotReader.ts";
import { printErrorLine } from "../terminal/printLine.ts";
import { formatClusterName } from "./clusterReading.ts";
import type { ClusterReading } from "./clusterReading.ts";

/** Lists the kubeconfigs to try: the recorded one leads to where the objects are, the file's may be newer. */
function listKubeconfigs({ name, kubeconfig }: RecordedCluster): string[] {
  const recorded = kubeconfig === undefined ? [] : [kubeconfig];
  if (name === undefined || !hasKubeconfig(name)) return recorded;
  return [...new Set([...recorded, readClusterKubeconfig(name)])];
}

async function readSnapshot(kubeconfig: string, extent: SnapshotExtent): Promise<ClusterSnapshot> {
  await probeApiServer(kubeconfig, { print: printErrorLine, computeLongest: computeQuestionSeconds });
  return createSnapshotReader(getNamespaceAccess(kubeconfig), { extent })();
}

/** Reads the runs on a cluster and the last log lines of running pods. Never throws: what to do is the caller's. */
export function readClusterRuns(cluster: RecordedCluster): Promise<ClusterReading> {
  return readExtent(cluster, "runs");
}

/** The same with what says why runs wait or have failed. */
export function readCluster(cluster: RecordedCluster): Promise<ClusterReading> {
  return readExtent(cluster, "reasons");
}

async function readExtent(cluster: RecordedCluster, extent: SnapshotExtent): Promise<ClusterReading> {
  const { name } = cluster;
  let unavailable = `${formatClusterName(name)} has no kubeconfig, neither in this checkout nor in Pulumi's state`;
  try {
    if (name !== undefined) await updateKubeconfig(name);
  } catch (error) {
    unavailable = formatErrorMessage(error);
  }
  for (const kubeconfig of listKubeconfigs(cluster)) {
    try {
      return { snapshot: await readSnapshot(kubeconfig, extent) };
    } catch (error) {
      unavailable = explainClientError(name ?? "not named", error, kubeconfig);
    }
  }
  return { unavailable };
}

/** Deletes a run from a cluster and returns when all of it is gone. @throws Error if it exists after two minutes */
export function deleteRun(cluster: string, run: WorkloadReference): Promise<void> {
  return deleteWorkload(cluster, run);
}
