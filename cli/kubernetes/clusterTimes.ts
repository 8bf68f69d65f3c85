import { AppsV1Api, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { conditionTransitionTime } from "./conditionTransitionTime.ts";

/** When the nodes were Ready and when every Deployment of the platform was Available, as the cluster itself says (whole seconds). */
export async function fetchClusterTimes(
  kubeconfig: string,
): Promise<{ nodesReady: Date | undefined; controllersAvailable: Date | undefined }> {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const [nodes, deployments] = await Promise.all([
    config.makeApiClient(CoreV1Api).listNode(),
    config.makeApiClient(AppsV1Api).listDeploymentForAllNamespaces(),
  ]);
  return {
    nodesReady: conditionTransitionTime(nodes.items, "Ready"),
    controllersAvailable: conditionTransitionTime(deployments.items, "Available"),
  };
}
