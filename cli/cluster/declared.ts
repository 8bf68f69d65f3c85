import { resolve } from "node:path";
import type { ClusterConfig } from "../../infra/config.ts";
import { parseCluster } from "../../infra/config.ts";
import { instanceDirectory } from "../../infra/environment.ts";
import { stackValues } from "../engine/declared.ts";

/** @throws Error with all problems of infra/Pulumi.STACK.yaml */
export function clusterConfig(stack: string): ClusterConfig {
  return parseCluster(stackValues("mixcpt-infra", stack)["mixcpt-infra:cluster"], `infra/Pulumi.${stack}.yaml`);
}

export const kubeconfigFile = (stack: string): string => resolve(instanceDirectory(stack), "kubeconfig");
