import { createApiClients } from "./apiClients.ts";
import { conditionTransitionTime } from "./objectConditions.ts";

/** Times in whole seconds, as the API server records them; undefined until the condition is true on every object. */
interface ClusterTimes {
  readonly nodesReady: Date | undefined;
  /** The time at which the last Deployment of the platform became Available. */
  readonly controllersAvailable: Date | undefined;
}

/** Fetches the times at which a cluster's nodes and controllers came up. */
export async function fetchClusterTimes(kubeconfig: string): Promise<ClusterTimes> {
  const { core, apps } = createApiClients(kubeconfig);
  const [nodes, deployments] = await Promise.all([core.listNode(), apps.listDeploymentForAllNamespaces()]);
  return {
    nodesReady: conditionTransitionTime(nodes.items, "Ready"),
    controllersAvailable: conditionTransitionTime(deployments.items, "Available"),
  };
}
