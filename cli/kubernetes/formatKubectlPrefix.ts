import { platformNames } from "../../jobs/kube/clusterOutputs.ts";

/** How a command about the experiments on a cluster begins; without a name, kubectl means dev. */
export function formatKubectlPrefix(cluster: string): string {
  return `./mixcpt kubectl ${cluster === "dev" ? "" : `--cluster ${cluster} `}--namespace ${platformNames.namespace}`;
}
