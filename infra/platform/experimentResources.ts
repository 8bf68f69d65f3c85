import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterHardware, ImageRefs } from "../../jobs/kube/clusterOutputs.ts";
import { platformNames } from "../../jobs/kube/clusterOutputs.ts";
import type { NamedObject } from "../../jobs/kube/manifestTypes.ts";
import { buildQueues } from "../../jobs/kube/queues.ts";
import type { ClusterPods } from "../../jobs/kube/podSettings.ts";
import { buildTrainingRuntime } from "../../jobs/kube/trainingRuntime.ts";
import type { ClusterConfig, StoreConfig } from "../clusterConfig.ts";
import { isStoreRetained, makeStore, retainedFieldManager } from "./store.ts";

/** The label of the namespaces whose pods Kueue sees. */
export const queuedNamespaceLabel = { "mixcpt.io/queued": "true" };

interface ExperimentResourcesArgs {
  readonly store: StoreConfig;
  readonly hardware: ClusterHardware;
  readonly images: ImageRefs;
  readonly pods: ClusterPods;
  readonly podSecurity: ClusterConfig["podSecurity"];
  /** The share of the cluster that all data jobs together may request. */
  readonly cpu: { cores: number; memoryGiB: number };
  /** Resources that exist once the controllers are up. */
  readonly controllers: pulumi.Resource[];
}

/**
 * The resources that experiments run with: a namespace that enforces Pod Security, queues, the store and
 * the training runtime.
 */
export class ExperimentResources extends pulumi.ComponentResource {
  constructor(name: string, args: ExperimentResourcesArgs, options?: pulumi.ComponentResourceOptions) {
    super("mixcpt:infra:Experiments", name, {}, options);
    const namespace = makeNamespace(args, { parent: this });
    makeStore(args.store, { parent: this, namespace });
    makePublishAccount({ parent: this, dependsOn: [namespace] });
    const dependsOn = [namespace, ...args.controllers];
    const { images, hardware, pods, cpu } = args;
    const runtime = buildTrainingRuntime({ ...platformNames, images, hardware, pods });
    const queues = buildQueues({ namespace: platformNames.namespace, hardware, pods, cpu });
    applyInOrder([...queues, runtime], { parent: this, dependsOn });
    this.registerOutputs({});
  }
}

/**
 * Applies one kind after the other. If Kueue (0.18.3) sees a flavor before its topology, it admits nothing until it is
 * restarted.
 */
function applyInOrder(
  manifests: readonly NamedObject[],
  { parent, dependsOn }: { parent: pulumi.Resource; dependsOn: pulumi.Resource[] },
): void {
  const kinds = [...Map.groupBy(manifests, ({ kind }) => kind).values()];
  kinds.reduce(
    (previous, group) =>
      group.map((manifest) => {
        const { kind, metadata } = manifest;
        return new kubernetes.apiextensions.CustomResource(
          `${kind.toLowerCase()}-${metadata.name}`,
          { ...manifest },
          { parent, dependsOn: previous },
        );
      }),
    dependsOn,
  );
}

export function makeNamespace(
  { store, podSecurity = "restricted" }: { store: StoreConfig; podSecurity?: ClusterConfig["podSecurity"] },
  options: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Namespace {
  const labels = {
    ...queuedNamespaceLabel,
    "pod-security.kubernetes.io/enforce": podSecurity,
    "pod-security.kubernetes.io/enforce-version": "v1.36",
  };
  const metadata = {
    name: platformNames.namespace,
    labels,
    ...(isStoreRetained(store) && { annotations: retainedFieldManager }),
  };
  return new kubernetes.core.v1.Namespace(
    platformNames.namespace,
    { metadata },
    { ...options, retainOnDelete: isStoreRetained(store) },
  );
}

/** The account of the pods that publish scores, the only ones that may talk to the API server. */
function makePublishAccount(options: pulumi.CustomResourceOptions): void {
  const metadata = { name: "publish", namespace: platformNames.namespace };
  new kubernetes.core.v1.ServiceAccount("publish", { metadata, automountServiceAccountToken: false }, options);
  new kubernetes.rbac.v1.Role(
    "publish",
    { metadata, rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "create", "patch", "update"] }] },
    options,
  );
  new kubernetes.rbac.v1.RoleBinding(
    "publish",
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name },
      subjects: [{ kind: "ServiceAccount", ...metadata }],
    },
    options,
  );
}
