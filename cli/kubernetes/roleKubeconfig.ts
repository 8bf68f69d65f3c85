import { readFileSync } from "node:fs";
import type { Cluster } from "@kubernetes/client-node";
import { stringify } from "yaml";
import type { AccessRoleName } from "../../infra/access/accessRoles.ts";
import { formatAccessNamespace } from "../../infra/access/accessRoles.ts";
import { KubectlConfig } from "../../plugins/kubernetes/kubectlConfig.ts";
import { createApiClients } from "./apiClients.ts";
import { explainClientError, isNotFoundError } from "./apiErrors.ts";

interface RoleRequest {
  /** Name of the cluster's stack. */
  readonly cluster: string;
  /** Content of a kubeconfig whose user may create tokens for service accounts. */
  readonly kubeconfig: string;
  /** Namespace of the experiments. */
  readonly namespace: string;
  readonly role: AccessRoleName;
  readonly hours: number;
}

interface IssuedToken {
  readonly token: string;
  /** The API server may shorten what was requested. */
  readonly expires: Date;
}

async function requestToken({ cluster, kubeconfig, namespace, role, hours }: RoleRequest): Promise<IssuedToken> {
  const { core } = createApiClients(kubeconfig);
  const account = { namespace: formatAccessNamespace(namespace), name: role };
  const body = { spec: { audiences: [], expirationSeconds: hours * 3600 } };
  try {
    const { status } = await core.createNamespacedServiceAccountToken({ ...account, body });
    return { token: status?.token ?? "", expires: new Date(status?.expirationTimestamp ?? 0) };
  } catch (error) {
    const explanation = isNotFoundError(error)
      ? `cluster "${cluster}" has no service account ${account.namespace}/${role}; ` +
        `run ./mixcpt cluster up ${cluster}, which creates the roles`
      : explainClientError(cluster, error, kubeconfig);
    throw new Error(explanation, { cause: error });
  }
}

function readAuthority({ caData, caFile }: Cluster): string | undefined {
  return caData ?? (caFile === undefined ? undefined : readFileSync(caFile, "base64"));
}

/** The connection of a kubeconfig's current context, with the certificate in place of its file. */
function buildConnection(kubeconfig: string): Record<string, unknown> {
  const config = new KubectlConfig();
  config.loadFromString(kubeconfig);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error("kubeconfig: current-context names no cluster; choose one of its contexts");
  const authority = readAuthority(cluster);
  return {
    server: cluster.server,
    ...(authority !== undefined && { "certificate-authority-data": authority }),
    ...(cluster.skipTLSVerify && { "insecure-skip-tls-verify": true }),
    ...(cluster.tlsServerName !== undefined && { "tls-server-name": cluster.tlsServerName }),
    ...(cluster.proxyUrl !== undefined && { "proxy-url": cluster.proxyUrl }),
  };
}

/**
 * Requests a token for the service account of a role and builds a kubeconfig with it. Nothing is written anywhere.
 * @throws Error that says why the cluster issued none
 */
export async function issueRoleKubeconfig(request: RoleRequest): Promise<{ kubeconfig: string; expires: Date }> {
  const { cluster: name, kubeconfig, namespace, role } = request;
  const connection = buildConnection(kubeconfig);
  const { token, expires } = await requestToken(request);
  const user = `${name}-${role}`;
  const text = stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: connection }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: user, context: { cluster: name, user, namespace } }],
    "current-context": user,
  });
  return { kubeconfig: text, expires };
}
