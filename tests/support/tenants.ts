import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { load, loadAll } from "js-yaml";
import { checkoutDirectory } from "../../workspace/environment.ts";
import type { ApiServer } from "./apiServer.ts";
import { recordedImages } from "./clusterRecord.ts";

const roleFile = resolve(checkoutDirectory, "docs/examples/tenant-role.yaml");

interface AccessObject {
  readonly kind: "Role" | "RoleBinding";
  readonly [field: string]: unknown;
}

async function create(api: ApiServer, path: string, body: unknown): Promise<Record<string, unknown>> {
  const response = await api.call("POST", path, body);
  if (response.status !== 201) throw new Error(`${path}: ${JSON.stringify(response.body)}`);
  return response.body;
}

/** Gives an account the Role that the documentation asks administrators for. */
async function grantRole(api: ApiServer, namespace: string): Promise<void> {
  const subjects = [{ kind: "ServiceAccount", name: "member", namespace }];
  for (const object of loadAll(readFileSync(roleFile, "utf8")) as AccessObject[]) {
    const body = object.kind === "RoleBinding" ? { ...object, subjects } : object;
    const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/${object.kind.toLowerCase()}s`;
    await create(api, path, body);
  }
}

/** Creates what an administrator gives a team: a namespace, a queue in it, a claim and the Role. */
async function createNamespace(api: ApiServer, namespace: string): Promise<void> {
  await create(api, "/api/v1/namespaces", { metadata: { name: namespace } });
  await create(api, `/apis/kueue.x-k8s.io/v1beta2/namespaces/${namespace}/localqueues`, {
    apiVersion: "kueue.x-k8s.io/v1beta2",
    kind: "LocalQueue",
    metadata: { name: "team-queue" },
    spec: { clusterQueue: "shared" },
  });
  await create(api, `/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
    metadata: { name: "team-store" },
    spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "1Gi" } } },
  });
  await grantRole(api, namespace);
}

/** Creates a team's namespace and writes the kubeconfig of an account with rights there alone. */
export async function createTenant(api: ApiServer, namespace: string, folder: string): Promise<string> {
  await createNamespace(api, namespace);
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await create(api, accounts, { metadata: { name: "member" } });
  const { status } = await create(api, `${accounts}/member/token`, { spec: {} });
  const { token } = status as { token: string };
  const users = [{ name: "admin", user: { token } }];
  const file = join(folder, `${namespace}.kubeconfig`);
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(api.kubeconfig) as object), users }));
  return file;
}

/** Builds the file of the cluster of a team, and of a stack with one cell on it. */
export function buildTenantFiles(namespace: string, kubeconfigFile: string) {
  return {
    cluster: {
      kind: "tenant",
      kubeconfigFile,
      namespace,
      queue: "team-queue",
      claim: "team-store",
      nodes: 2,
      devices: { gpu: "MI250X", devicesPerNode: 2, emulated: true },
      images: recordedImages,
    },
    stack: {
      "mixcpt:family": "tiny",
      "mixcpt:protocol": "miniature",
      "mixcpt:axes": { data: ["Mono"], categories: ["Stag"] },
      "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 },
      "mixcpt:cluster": namespace,
    },
  };
}

/** Reads the file of a submitter's cluster out of the page on access. */
export function readSubmitterExample(): object {
  const page = readFileSync(resolve(checkoutDirectory, "docs/access.md"), "utf8");
  const [, example = ""] = /^```yaml\n(# infra\/Pulumi\.rack-submit\.yaml\n[^]*?)^```$/m.exec(page) ?? [];
  return (load(example) as { config: { "mixcpt-infra:cluster": object } }).config["mixcpt-infra:cluster"];
}
