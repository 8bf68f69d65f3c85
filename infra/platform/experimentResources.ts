import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { NamedObject } from "../../jobs/kube/manifestTypes.ts";
import type { ClusterHardware, ImageRefs } from "../../jobs/kube/clusterOutputs.ts";
import { platformNames } from "../../jobs/kube/clusterOutputs.ts";
import { buildQueues } from "../../jobs/kube/queues.ts";
import { buildTrainingRuntime } from "../../jobs/kube/trainingRuntime.ts";
import type { StoreConfig } from "../clusterConfig.ts";
import { makeStore, retainedFieldManager, isStoreRetained } from "./store.ts";

const { namespace: experimentsNamespace, runtime: trainingRuntimeName } = platformNames;
/** Label of the namespaces whose pods Kueue sees. */
export const queuedNamespaceLabel = { "mixcpt.io/queued": "true" };

interface ExperimentResourcesArgs {
  readonly store: StoreConfig;
  readonly hardware: ClusterHardware;
  readonly images: ImageRefs;
  /** What all data jobs together may ask for at a time. */
  readonly cpu: { cores: number; memoryGiB: number };
  /** The controllers, up. */
  readonly controllers: pulumi.Resource[];
}

/** Where experiments run: a namespace that enforces Pod Security "restricted", queues, the store and the training runtime. */
export class ExperimentResources extends pulumi.ComponentResource {
  constructor(name: string, args: ExperimentResourcesArgs, options?: pulumi.ComponentResourceOptions) {
    super("mixcpt:infra:Experiments", name, {}, options);
    const namespace = makeNamespace(args.store, { parent: this });
    makeStore(args.store, { parent: this, namespace });
    makePublishAccount({ parent: this, dependsOn: [namespace] });
    const dependsOn = [namespace, ...args.controllers];
    const runtime = buildTrainingRuntime({
      name: trainingRuntimeName,
      image: args.images.llamaFactory,
      store: platformNames.store,
      hardware: args.hardware,
    });
    applyInOrder(
      [...buildQueues({ namespace: experimentsNamespace, hardware: args.hardware, cpu: args.cpu }), runtime],
      { parent: this, dependsOn },
    );
    this.registerOutputs({});
  }
}

/** One kind after the other: a Kueue (0.18.3) that meets a flavor before its topology admits nothing until it is restarted. */
function applyInOrder(
  manifests: readonly NamedObject[],
  { parent, dependsOn }: { parent: pulumi.Resource; dependsOn: pulumi.Resource[] },
): void {
  const kinds = [...Map.groupBy(manifests, ({ kind }) => kind).values()];
  kinds.reduce(
    (before, group) =>
      group.map((manifest) => {
        const { kind, metadata } = manifest;
        return new kubernetes.apiextensions.CustomResource(
          `${kind.toLowerCase()}-${metadata.name}`,
          { ...manifest },
          { parent, dependsOn: before },
        );
      }),
    dependsOn,
  );
}

export function makeNamespace(store: StoreConfig, options: pulumi.CustomResourceOptions): kubernetes.core.v1.Namespace {
  const labels = {
    ...queuedNamespaceLabel,
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/enforce-version": "v1.36",
  };
  const metadata = {
    name: experimentsNamespace,
    labels,
    ...(isStoreRetained(store) && { annotations: retainedFieldManager }),
  };
  return new kubernetes.core.v1.Namespace(
    experimentsNamespace,
    { metadata },
    { ...options, retainOnDelete: isStoreRetained(store) },
  );
}

/** The account of the step that publishes scores; the only pods that may talk to the API server. */
function makePublishAccount(options: pulumi.CustomResourceOptions): void {
  const metadata = { name: "publish", namespace: experimentsNamespace };
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
