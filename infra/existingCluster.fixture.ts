const image = `image@sha256:${"a".repeat(64)}`;

/** The value of `mixcpt-infra:cluster` for a cluster that another team runs. */
export function buildExistingClusterConfig(kubeconfigFile: string) {
  return {
    kind: "existing",
    kubeconfigFile,
    nodes: 1,
    devices: { gpu: "MI250X", devicesPerNode: 8 },
    store: { kind: "path", path: "/store" },
    images: { data: image, llamaFactory: image, evaluate: image },
  };
}
