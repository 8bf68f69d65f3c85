import { existsSync } from "node:fs";
import { infraProject } from "../../jobs/kube/clusterIdentity.ts";
import { keepTunnel, routeKubeconfig } from "../cluster/bastionTunnel.ts";
import { hasKubeconfig, readClusterKubeconfig, writeClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { hasOtherBackend, resolveStateFile } from "./backend.ts";
import { readOriginalKubeconfig } from "./originalKubeconfig.ts";
import { fetchStackOutput } from "./stackOutput.ts";

/** A backend that is silent for this long, such as a bucket behind a VPN, counts as unreachable. */
const backendTimeoutMs = 20_000;

/**
 * Reads the kubeconfig among the outputs of a cluster stack; undefined if the backend has no such output.
 * @throws Error if the backend or its passphrase cannot be used
 */
async function fetchRecordedKubeconfig(cluster: string): Promise<string | undefined> {
  if (!hasOtherBackend() && !existsSync(resolveStateFile(infraProject, cluster))) return undefined;
  const subject = `cluster "${cluster}": its kubeconfig`;
  return fetchStackOutput(infraProject, cluster, { args: ["kubeconfig"], subject, timeout: backendTimeoutMs });
}

/** In another backend any checkout may have made the cluster again, so its state is asked before the local copy. */
async function findKubeconfig(cluster: string): Promise<string | undefined> {
  const local = hasKubeconfig(cluster) ? readClusterKubeconfig(cluster) : undefined;
  if (local !== undefined && !hasOtherBackend()) return local;
  try {
    return (await fetchRecordedKubeconfig(cluster)) ?? local;
  } catch (error) {
    if (local === undefined) throw error;
    return local;
  }
}

async function copyNewestKubeconfig(cluster: string): Promise<void> {
  const known = await findKubeconfig(cluster);
  if (known === undefined) return;
  const newest = readOriginalKubeconfig(cluster) ?? routeKubeconfig(cluster, known);
  if (!hasKubeconfig(cluster) || readClusterKubeconfig(cluster) !== newest) writeClusterKubeconfig(cluster, newest);
  await keepTunnel(cluster);
}

const updates = new Map<string, Promise<void>>();

/**
 * Updates the copy of a cluster's kubeconfig in this checkout, so that any checkout can operate a cluster that another
 * one made, and opens a tunnel to it if it needs one. Nothing happens if no `cluster up` was completed. A command asks
 * the backend once, however many of its stacks are on the cluster.
 * @throws Error if there is no copy yet and the state cannot be read
 */
export function updateKubeconfig(cluster: string): Promise<void> {
  const update = updates.get(cluster) ?? copyNewestKubeconfig(cluster);
  updates.set(cluster, update);
  return update;
}
