import { readFileSync } from "node:fs";
import type { Cluster } from "@kubernetes/client-node";
import { stringify } from "yaml";
import type { AccessRoleName } from "../../infra/access/accessRoles.ts";
import { formatAccessNamespace, formatUserGroup } from "../../infra/access/accessRoles.ts";
import { KubectlConfig } from "../../plugins/kubernetes/kubectlConfig.ts";
import { createApiClients } from "./apiClients.ts";
import { explainClientError, isAccessDenied, isNotFoundError } from "./apiErrors.ts";
import { certificateAlternative, issueUserCertificate } from "./userCertificate.ts";

interface RoleRequest {
  /** Name of the cluster's stack. */
  readonly cluster: string;
  /** Content of a kubeconfig whose user may create tokens for service accounts, or approve certificates. */
  readonly kubeconfig: string;
  /** Namespace of the experiments. */
  readonly namespace: string;
  readonly role: AccessRoleName;
  readonly hours: number;
  /** The person whom a certificate names; without one, a token names the role alone. */
  readonly user?: string | undefined;
  /** How long the cluster may take to sign a certificate, in milliseconds. */
  readonly patienceMs?: number;
}

interface Credential {
  /** The fields of a user of a kubeconfig. */
  readonly fields: Readonly<Record<string, string>>;
  /** The API server may shorten what was requested. */
  readonly expires: Date;
}

async function requestToken({ cluster, kubeconfig, namespace, role, hours }: RoleRequest): Promise<Credential> {
  const { core } = createApiClients(kubeconfig);
  const account = { namespace: formatAccessNamespace(namespace), name: role };
  const body = { spec: { audiences: [], expirationSeconds: hours * 3600 } };
  try {
    const { status } = await core.createNamespacedServiceAccountToken({ ...account, body });
    return { fields: { token: status?.token ?? "" }, expires: new Date(status?.expirationTimestamp ?? 0) };
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

async function requestCertificate(request: RoleRequest, user: string): Promise<Credential> {
  const group = formatUserGroup(request.namespace, request.role);
  const { certificate, privateKey, expires } = await issueUserCertificate({ ...request, user, group });
  const fields = {
    "client-certificate-data": Buffer.from(certificate).toString("base64"),
    "client-key-data": Buffer.from(privateKey).toString("base64"),
  };
  return { fields, expires };
}

function buildKubeconfig({ cluster: name, kubeconfig, namespace, role, user }: RoleRequest, credential: Credential) {
  const userName = `${name}-${user ?? role}`;
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: buildConnection(kubeconfig) }],
    users: [{ name: userName, user: credential.fields }],
    contexts: [{ name: userName, context: { cluster: name, user: userName, namespace } }],
    "current-context": userName,
  });
}

/** Asks the API server, with a certificate that it has just got, whether it knows the user and grants the role. */
async function explainUselessCertificate(
  { cluster, namespace, role, user }: RoleRequest,
  kubeconfig: string,
): Promise<string | undefined> {
  const { authentication, authorization } = createApiClients(kubeconfig);
  const { status } = await authentication.createSelfSubjectReview({ body: {} });
  const name = status?.userInfo?.username ?? "nobody";
  if (name !== user) return `cluster "${cluster}" signs certificates for users and takes ${String(user)} for ${name}`;
  const spec = { resourceAttributes: { namespace, verb: "list", resource: "pods" } };
  const review = await authorization.createSelfSubjectAccessReview({ body: { spec } });
  if (review.status?.allowed === true) return undefined;
  return (
    `cluster "${cluster}" gives the group ${formatUserGroup(namespace, role)} no rights; run ./mixcpt cluster up ` +
    `${cluster}, which binds it, or create the bindings again that an administrator has deleted (docs/access.md)`
  );
}

/** @throws Error if the API server does not accept a certificate that its cluster has just signed */
async function requireUsefulCertificate(request: RoleRequest, kubeconfig: string): Promise<void> {
  const reason = await explainUselessCertificate(request, kubeconfig).catch((error: unknown) => {
    if (!isAccessDenied(error)) throw new Error(explainClientError(request.cluster, error), { cause: error });
    const { cluster } = request;
    return `cluster "${cluster}" signs certificates for users and does not accept them; ${certificateAlternative}`;
  });
  if (reason !== undefined) throw new Error(reason);
}

/**
 * Issues a token for the service account of a role, or a certificate of a user with that role, and builds a kubeconfig
 * with it. Nothing is written anywhere.
 * @throws Error that says why the cluster issued none
 */
export async function issueRoleKubeconfig(request: RoleRequest): Promise<{ kubeconfig: string; expires: Date }> {
  const { user } = request;
  const credential = user === undefined ? await requestToken(request) : await requestCertificate(request, user);
  const kubeconfig = buildKubeconfig(request, credential);
  if (user !== undefined) await requireUsefulCertificate(request, kubeconfig);
  return { kubeconfig, expires: credential.expires };
}
