import { existsSync } from "node:fs";
import type { ForeignConfig } from "../../infra/clusterConfig.ts";
import { isForeignCluster } from "../../infra/clusterConfig.ts";
import { readExistingKubeconfig, resolveKubeconfigFile } from "../../infra/existingKubeconfig.ts";
import { infraProject } from "../../jobs/kube/clusterIdentity.ts";
import { readClusterConfig } from "../cluster/readClusterConfig.ts";
import { listDeclaredStacks } from "./stackDeclarations.ts";

function findForeignConfig(cluster: string): ForeignConfig | undefined {
  if (!listDeclaredStacks(infraProject).includes(cluster)) return undefined;
  const config = readClusterConfig(cluster);
  return isForeignCluster(config) && existsSync(resolveKubeconfigFile(config)) ? config : undefined;
}

/**
 * Reads the kubeconfig that `mixcpt-infra:cluster.kubeconfigFile` names, if this machine has it: its owner renews the
 * credentials in it, while the state has those of the last `cluster up`.
 */
export function readOriginalKubeconfig(cluster: string): string | undefined {
  const config = findForeignConfig(cluster);
  return config === undefined ? undefined : readExistingKubeconfig(config);
}
