/** The kinds of a training runtime: of all namespaces, and of one. */
export const runtimeKinds = ["ClusterTrainingRuntime", "TrainingRuntime"] as const;
export type RuntimeKind = (typeof runtimeKinds)[number];

export const defaultNamespace = "mixcpt";

/** The names of the platform's objects that experiments refer to. */
export interface PlatformNames {
  readonly namespace: string;
  readonly store: { claim: string; mount: string };
  /** LocalQueues of work with and without devices. */
  readonly queues: { gpu: string; cpu: string };
  /** Name of the training runtime. */
  readonly runtime: string;
  readonly runtimeKind: RuntimeKind;
  /** ServiceAccount of the pods that publish scores. */
  readonly account: string;
  /** First part of the names of the priority classes; empty if work has no priority. */
  readonly priorityPrefix: string;
}

/** The names on a cluster whose file changes none: infra/ creates these objects, all other code refers to them. */
export const platformNames = {
  namespace: defaultNamespace,
  store: { claim: "store", mount: "/store" },
  queues: { gpu: "gpu", cpu: "cpu" },
  runtime: "llama-factory",
  runtimeKind: "ClusterTrainingRuntime",
  account: "publish",
  priorityPrefix: "mixcpt",
} as const satisfies PlatformNames;

/**
 * Formats the name of a cluster-wide object. It begins with the project, because other users of the cluster may also
 * have a queue "gpu", and contains the namespace if another install may have the default one.
 */
export function formatClusterWideName(namespace: string, name?: string): string {
  const parts = [
    "mixcpt",
    ...(namespace === defaultNamespace ? [] : [namespace]),
    ...(name === undefined ? [] : [name]),
  ];
  return parts.join("-");
}

/**
 * Returns the names of an install in a namespace. Only that in the default namespace has a runtime of the whole
 * cluster; every other one has its own, which no other install can end.
 */
export function getInstallNames(namespace: string): PlatformNames {
  if (namespace === defaultNamespace) return platformNames;
  return {
    ...platformNames,
    namespace,
    runtimeKind: "TrainingRuntime",
    priorityPrefix: formatClusterWideName(namespace),
  };
}
