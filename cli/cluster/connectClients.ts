import { updateKubeconfig } from "../engine/clusterKubeconfig.ts";
import type { ApiClients } from "../kubernetes/apiClients.ts";
import { createApiClients } from "../kubernetes/apiClients.ts";
import { readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";

/** Connects to the API server of a cluster stack. @throws Error if no kubeconfig of it is known */
export async function connectClients(cluster: string): Promise<ApiClients> {
  await updateKubeconfig(cluster);
  return createApiClients(readClusterKubeconfig(cluster));
}
