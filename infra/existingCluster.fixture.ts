const image = `image@sha256:${"a".repeat(64)}`;

const sharedFields = {
  nodes: 1,
  devices: { gpu: "MI250X", devicesPerNode: 8 },
  images: { data: image, llamaFactory: image, evaluate: image },
};

/** The value of `mixcpt-infra:cluster` for a cluster that another team runs. */
export function buildExistingClusterConfig(kubeconfigFile: string) {
  return { kind: "existing", kubeconfigFile, store: { kind: "path", path: "/store" }, ...sharedFields };
}

/** The names of what exists in the namespace of a tenant. */
export const givenToTenant = { namespace: "team-a", queue: "team-queue", claim: "team-store" };

/** The value of `mixcpt-infra:cluster` for a namespace of a cluster that another team runs. */
export function buildTenantClusterConfig(kubeconfigFile: string) {
  return { kind: "tenant", kubeconfigFile, ...givenToTenant, ...sharedFields };
}
