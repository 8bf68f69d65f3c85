import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { formatClusterWideName, platformNames } from "../../jobs/kube/platformNames.ts";
import type { StoreConfig } from "../clusterConfig.ts";

/** The name of the claim that every pod mounts. */
const storeClaimName = platformNames.store.claim;

/**
 * True if claim and namespace stay in the cluster when the stack is destroyed. Most storage classes delete a volume
 * with its claim, and Kubernetes deletes a claim with its namespace: the results would be lost. A directory remains
 * whatever Kubernetes deletes.
 */
export function isStoreRetained({ kind }: StoreConfig): boolean {
  return kind === "storageClass";
}

/**
 * The field manager that writes the retained objects. It is the same for every Pulumi state, so that a stack that is
 * created again may take them over.
 */
export const retainedFieldManager = { "pulumi.com/patchFieldManager": "mixcpt-store" };

interface StoreResourceOptions {
  readonly parent: pulumi.Resource;
  readonly namespace: kubernetes.core.v1.Namespace;
  /** The name of the namespace. */
  readonly name: string;
}

type ClaimSpec = kubernetes.types.input.core.v1.PersistentVolumeClaimSpec;

/**
 * Creates the volume that all nodes share, with models, corpora, checkpoints and scores. Its content remains when the
 * stack is destroyed.
 */
export function makeStore(store: StoreConfig, { parent, namespace, name }: StoreResourceOptions): void {
  const createClaim = (spec: ClaimSpec, dependsOn: pulumi.Resource[]) =>
    new kubernetes.core.v1.PersistentVolumeClaim(
      "store",
      {
        // Pulumi must not wait: a claim that no pod uses yet may stay unbound.
        metadata: {
          name: storeClaimName,
          namespace: name,
          annotations: { "pulumi.com/skipAwait": "true", ...(isStoreRetained(store) && retainedFieldManager) },
        },
        spec: { accessModes: ["ReadWriteMany"], ...spec },
      },
      { parent, dependsOn, retainOnDelete: isStoreRetained(store) },
    );
  if (store.kind === "storageClass") {
    createClaim({ storageClassName: store.name, resources: { requests: { storage: store.size } } }, [namespace]);
    return;
  }
  // Arbitrary: a directory has the size of its file system, and Kubernetes only compares claim and volume.
  const size = "1Pi";
  const volume = new kubernetes.core.v1.PersistentVolume(
    "store",
    {
      metadata: { name: formatClusterWideName(name, storeClaimName) },
      spec: {
        accessModes: ["ReadWriteMany"],
        capacity: { storage: size },
        hostPath: { path: store.path, type: "Directory" },
        persistentVolumeReclaimPolicy: "Retain",
        storageClassName: "",
        claimRef: { namespace: name, name: storeClaimName },
      },
    },
    { parent },
  );
  createClaim({ storageClassName: "", volumeName: volume.metadata.name, resources: { requests: { storage: size } } }, [
    namespace,
    volume,
  ]);
}
