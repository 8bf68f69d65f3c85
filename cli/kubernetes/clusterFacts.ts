import type { V1ResourceAttributes } from "@kubernetes/client-node";
import { quantityToScalar } from "@kubernetes/client-node/dist/util.js";
import type { ApiClients } from "./apiClients.ts";
import { createApiClients } from "./apiClients.ts";
import { isAccessDenied, isNotFoundError } from "./apiErrors.ts";
import type { NodeRoom } from "./nodeRoom.ts";
import { measureNodeRoom } from "./nodeRoom.ts";

/** Rights without which `cluster up` fails, beside those in its namespace. */
const neededRights: readonly V1ResourceAttributes[] = [
  { verb: "patch", resource: "nodes" },
  { verb: "patch", resource: "nodes", subresource: "status" },
  { verb: "create", resource: "namespaces" },
  { verb: "create", group: "kueue.x-k8s.io", resource: "clusterqueues" },
  { verb: "create", group: "trainer.kubeflow.org", resource: "clustertrainingruntimes" },
];

/** Further rights where `cluster up` installs the controllers. */
const installerRights: readonly V1ResourceAttributes[] = [
  { verb: "create", group: "apiextensions.k8s.io", resource: "customresourcedefinitions" },
  { verb: "create", group: "rbac.authorization.k8s.io", resource: "clusterroles" },
];

function formatRight({ verb = "", group, resource = "", subresource }: V1ResourceAttributes): string {
  const kind = [resource, group].filter(Boolean).join(".");
  return `${verb} ${kind}${subresource === undefined ? "" : `/${subresource}`}`;
}

/** Asks the API server which of the rights the user lacks. */
export async function listMissingRights(kubeconfig: string, installsControllers: boolean): Promise<string[]> {
  const { authorization } = createApiClients(kubeconfig);
  const rights = [...neededRights, ...(installsControllers ? installerRights : [])];
  const reviews = rights.map(async (resourceAttributes) => {
    const body = { spec: { resourceAttributes } };
    const { status } = await authorization.createSelfSubjectAccessReview({ body });
    return status?.allowed === true ? [] : [formatRight(resourceAttributes)];
  });
  return (await Promise.all(reviews)).flat();
}

/** Lists all pods; none if the user may not read those of other namespaces. */
async function listAllPods({ core }: ApiClients) {
  return core.listPodForAllNamespaces().catch((error: unknown) => {
    if (isAccessDenied(error)) return { items: [] };
    throw error;
  });
}

/** Fetches how much room the nodes of a cluster have. */
export async function fetchNodeRoom(
  kubeconfig: string,
  use: Omit<Parameters<typeof measureNodeRoom>[2], "parseQuantity">,
): Promise<NodeRoom[]> {
  const clients = createApiClients(kubeconfig);
  const [nodes, pods] = await Promise.all([clients.core.listNode(), listAllPods(clients)]);
  const parseQuantity = (quantity: string) => Number(quantityToScalar(quantity));
  return measureNodeRoom(nodes.items, pods.items, { ...use, parseQuantity });
}

/** True if a cluster has the StorageClass; also if the user may not read it. */
export async function hasStorageClass(kubeconfig: string, name: string): Promise<boolean> {
  return createApiClients(kubeconfig)
    .storage.readStorageClass({ name })
    .then(
      () => true,
      (error: unknown) => {
        if (isNotFoundError(error)) return false;
        if (isAccessDenied(error)) return true;
        throw error;
      },
    );
}
