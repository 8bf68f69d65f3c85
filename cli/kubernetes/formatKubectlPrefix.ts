import { readClusterNamespace } from "./kubeconfigFile.ts";

/**
 * The beginning of a kubectl command about a cluster, by default about its experiments; `null` for no namespace.
 * `./mixcpt kubectl` uses dev by default.
 */
export function formatKubectlPrefix(cluster: string, namespace: string | null = readClusterNamespace(cluster)): string {
  const clusterWords = cluster === "dev" ? "" : ` --cluster ${cluster}`;
  const namespaceWords = namespace === null ? "" : ` --namespace ${namespace}`;
  return `./mixcpt kubectl${clusterWords}${namespaceWords}`;
}
