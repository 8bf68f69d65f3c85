import { platform } from "../../jobs/kube/platform.ts";

/** How a command about the experiments on a cluster begins; without a name, kubectl means dev. */
export const kubectlOn = (cluster: string): string => `./mixcpt kubectl ${cluster === "dev" ? "" : `--cluster ${cluster} `}--namespace ${platform.namespace}`;
