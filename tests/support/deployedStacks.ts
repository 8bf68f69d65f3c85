/** Stack files for tests of deployments: a cluster with real devices that another team runs, and a small family. */

export function declareCluster(
  letter: string,
  { kubeconfigFile = "none", controllers = "published" }: { kubeconfigFile?: string; controllers?: string } = {},
): object {
  const image = (name: string) => `registry.example.org/team/${name}@sha256:${letter.repeat(64)}`;
  return {
    config: {
      "mixcpt-infra:cluster": {
        kind: "existing",
        kubeconfigFile,
        nodes: 4,
        devices: { gpu: "MI250X", devicesPerNode: 8 },
        store: { kind: "path", path: "/store" },
        images: {
          data: image("data"),
          llamaFactory: image("llama-factory"),
          evaluate: image("evaluate"),
          store: image("store"),
        },
        controllers,
      },
    },
  };
}

export function declareStack(settings: Readonly<Record<string, unknown>> = {}): object {
  return {
    config: {
      "mixcpt:family": "tiny",
      "mixcpt:protocol": "miniature",
      "mixcpt:axes": { data: ["Mono", "Bi"], categories: ["Stag"] },
      "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
      "mixcpt:cluster": "lab",
      ...settings,
    },
  };
}
