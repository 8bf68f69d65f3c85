import { platformNames } from "../../jobs/kube/clusterOutputs.ts";

/** The beginning of a kubectl command about the experiments on a cluster. `./mixcpt kubectl` uses dev by default. */
export function formatKubectlPrefix(cluster: string): string {
  return `./mixcpt kubectl ${cluster === "dev" ? "" : `--cluster ${cluster} `}--namespace ${platformNames.namespace}`;
}
