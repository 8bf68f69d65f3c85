import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { platformNames } from "../../jobs/kube/clusterOutputs.ts";
import type { StoreConfig } from "../clusterConfig.ts";

/** The claim that every pod mounts, in the experiments' namespace. */
const {
  namespace: storeNamespace,
  store: { claim: storeClaimName },
} = platformNames;

/**
 * Whether claim and namespace stay in the cluster when the stack is destroyed. A storage class commonly deletes a volume
 * with its claim, and a claim goes with its namespace: results would, too. A directory stays whatever Kubernetes deletes.
 */
export function isStoreRetained({ kind }: StoreConfig): boolean {
  return kind === "storageClass";
}

/** Under whose name they are written, the same for every state of Pulumi: a stack that is made anew finds them as its own. */
export const retainedFieldManager = { "pulumi.com/patchFieldManager": "mixcpt-store" };

interface StoreResourceOptions {
  readonly parent: pulumi.Resource;
  readonly namespace: kubernetes.core.v1.Namespace;
}

type ClaimSpec = kubernetes.types.input.core.v1.PersistentVolumeClaimSpec;

/** One volume that all nodes share: models, corpora, checkpoints and scores. Destroying the stack keeps what lies on it. */
export function makeStore(store: StoreConfig, { parent, namespace }: StoreResourceOptions): void {
  const createClaim = (spec: ClaimSpec, dependsOn: pulumi.Resource[]) =>
    new kubernetes.core.v1.PersistentVolumeClaim(
      "store",
      {
        // a claim that no pod uses yet may stay unbound
        metadata: {
          name: storeClaimName,
          namespace: storeNamespace,
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
  const size = "1Pi"; // a directory has the size of its file system; Kubernetes only compares the two numbers
  const volume = new kubernetes.core.v1.PersistentVolume(
    "store",
    {
      metadata: { name: `mixcpt-${storeClaimName}` },
      spec: {
        accessModes: ["ReadWriteMany"],
        capacity: { storage: size },
        hostPath: { path: store.path, type: "Directory" },
        persistentVolumeReclaimPolicy: "Retain",
        storageClassName: "",
        claimRef: { namespace: storeNamespace, name: storeClaimName },
      },
    },
    { parent },
  );
  createClaim({ storageClassName: "", volumeName: volume.metadata.name, resources: { requests: { storage: size } } }, [
    namespace,
    volume,
  ]);
}
