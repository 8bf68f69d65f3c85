import { platformNames } from "../../jobs/kube/clusterOutputs.ts";

/** How a command about the experiments on a cluster begins; without a name, kubectl means dev. */
export const formatKubectlPrefix = (cluster: string): string => `./mixcpt kubectl ${cluster === "dev" ? "" : `--cluster ${cluster} `}--namespace ${platformNames.namespace}`;
