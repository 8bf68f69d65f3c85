import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterHardware, ImageRefs } from "../../jobs/kube/clusterOutputs.ts";
import type { PlatformNames } from "../../jobs/kube/platformNames.ts";
import type { NamedObject } from "../../jobs/kube/manifestTypes.ts";
import type { DeviceShare } from "../../jobs/kube/queues.ts";
import { buildQueues } from "../../jobs/kube/queues.ts";
import type { ClusterPods } from "../../jobs/kube/podSettings.ts";
import { buildTrainingRuntime } from "../../jobs/kube/trainingRuntime.ts";
import type { ClusterConfig, StoreConfig, TenantConfig } from "../clusterConfig.ts";
import { buildQueueGuard } from "./queueGuard.ts";
import { isStoreRetained, makeStore, retainedFieldManager } from "./store.ts";

/** The label of the namespaces whose pods Kueue sees. */
export const queuedNamespaceLabel = { "mixcpt.io/queued": "true" };

/** What the training runtime depends on. */
export interface RuntimeArgs {
  readonly names: PlatformNames;
  readonly hardware: ClusterHardware;
  readonly images: ImageRefs;
  readonly pods: ClusterPods;
}

interface ExperimentResourcesArgs extends RuntimeArgs {
  readonly store: StoreConfig;
  readonly podSecurity: ClusterConfig["podSecurity"];
  /** The share of the cluster that all data jobs together may request. */
  readonly cpu: { cores: number; memoryGiB: number };
  /** The share of the GPUs; all of them if omitted. */
  readonly share?: DeviceShare;
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
    const { names, hardware, pods, cpu, share } = args;
    const namespace = makeNamespace(args, { parent: this });
    makeStore(args.store, { parent: this, namespace, name: names.namespace });
    makePublishAccount(names, { parent: this, dependsOn: [namespace] });
    for (const manifest of buildQueueGuard(names)) {
      const name = `${manifest.kind.toLowerCase()}-${manifest.metadata.name}`;
      new kubernetes.apiextensions.CustomResource(name, { ...manifest }, { parent: this });
    }
    const dependsOn = [namespace, ...args.controllers];
    const queues = buildQueues({ namespace: names.namespace, hardware, pods, cpu, ...(share && { share }) });
    applyInOrder([...queues, buildRuntime(args)], { parent: this, dependsOn });
    this.registerOutputs({});
  }
}

interface TenantResourcesArgs extends RuntimeArgs {
  readonly config: Pick<TenantConfig, "account" | "runtime">;
}

/** The resources that a tenant makes in its namespace, as far as the administrator has not made them. */
export class TenantResources extends pulumi.ComponentResource {
  constructor(name: string, { config, ...args }: TenantResourcesArgs, options?: pulumi.ComponentResourceOptions) {
    super("mixcpt:infra:Tenant", name, {}, options);
    if (config.account === undefined) makePublishAccount(args.names, { parent: this });
    if (config.runtime === undefined) applyInOrder([buildRuntime(args)], { parent: this, dependsOn: [] });
    this.registerOutputs({});
  }
}

function buildRuntime({ names, images, hardware, pods }: RuntimeArgs): NamedObject {
  return buildTrainingRuntime({ ...names, images, hardware, pods });
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

interface NamespaceArgs {
  readonly names: Pick<PlatformNames, "namespace">;
  readonly store: StoreConfig;
  readonly podSecurity?: ClusterConfig["podSecurity"];
}

export function makeNamespace(
  { names, store, podSecurity = "restricted" }: NamespaceArgs,
  options: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Namespace {
  const labels = {
    ...queuedNamespaceLabel,
    "pod-security.kubernetes.io/enforce": podSecurity,
    "pod-security.kubernetes.io/enforce-version": "v1.36",
  };
  const metadata = {
    name: names.namespace,
    labels,
    ...(isStoreRetained(store) && { annotations: retainedFieldManager }),
  };
  return new kubernetes.core.v1.Namespace(
    names.namespace,
    { metadata },
    { ...options, retainOnDelete: isStoreRetained(store) },
  );
}

/** The account of the pods that publish scores, the only ones that may talk to the API server. */
function makePublishAccount(
  { account, namespace }: Pick<PlatformNames, "account" | "namespace">,
  options: pulumi.CustomResourceOptions,
): void {
  const metadata = { name: account, namespace };
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
