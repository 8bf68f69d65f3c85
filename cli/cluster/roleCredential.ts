import type { AccessRoleName } from "../../infra/access/accessRoles.ts";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { makesPlatform } from "../../infra/clusterConfig.ts";
import { getPlatformNames } from "../../infra/clusterNames.ts";
import { updateKubeconfig } from "../engine/clusterKubeconfig.ts";
import { readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { issueRoleKubeconfig } from "../kubernetes/roleKubeconfig.ts";
import { readClusterConfig } from "./readClusterConfig.ts";
import { printErrorLine, printLine } from "../terminal/printLine.ts";

interface CredentialRequest {
  readonly role: AccessRoleName;
  readonly hours: number;
  /** The person whom a certificate names; without one, a token names the role alone. */
  readonly user?: string;
}

/** Refuses clusters whose file does not declare the roles. */
function refuseWithoutRoles(cluster: string, config: ClusterConfig): void {
  if (config.kind === "tenant")
    throw new Error(
      `cluster kubeconfig: "${cluster}" is of kind tenant, and its namespace's administrator grants rights; ` +
        "ask for a credential there",
    );
  if (!makesPlatform(config))
    throw new Error(
      `cluster kubeconfig: "${cluster}" has only nodes (platform: elsewhere); roles belong to the stack of kind ` +
        "existing that installs its platform, so name that one",
    );
}

function describeHolder({ role, user }: CredentialRequest): string {
  return user === undefined ? `role ${role}` : `${user}, with the role ${role},`;
}

/** Prints the kubeconfig to standard output and what it is to standard error, so that `> FILE` gets the former only. */
export async function printRoleKubeconfig(cluster: string, request: CredentialRequest): Promise<void> {
  const config = readClusterConfig(cluster);
  refuseWithoutRoles(cluster, config);
  await updateKubeconfig(cluster);
  const { namespace } = getPlatformNames(config);
  const kubeconfig = readClusterKubeconfig(cluster);
  const issued = await issueRoleKubeconfig({ cluster, kubeconfig, namespace, ...request });
  const end = issued.expires.toISOString();
  printErrorLine(
    `${describeHolder(request)} in namespace ${namespace} of cluster ${cluster} until ${end}; ` +
      "nothing else keeps this credential, and it cannot be revoked alone",
  );
  printLine(issued.kubeconfig.trimEnd());
}
