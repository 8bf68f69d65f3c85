import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { platform } from "../../jobs/kube/platform.ts";
import type { StoreConfig } from "../config.ts";

/** The claim that every pod mounts, in the experiments' namespace. */
const { namespace, store: { claim: storeClaim } } = platform;

/** One volume that all nodes share: models, corpora, checkpoints and scores. Destroying the stack keeps what lies on it. */
export function makeStore(store: StoreConfig, options: pulumi.CustomResourceOptions): pulumi.Resource[] {
  const claim = (spec: kubernetes.types.input.core.v1.PersistentVolumeClaimSpec, dependsOn: pulumi.Resource[] = []) =>
    new kubernetes.core.v1.PersistentVolumeClaim("store", {
      // a claim that no pod uses yet may stay unbound
      metadata: { name: storeClaim, namespace, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { accessModes: ["ReadWriteMany"], ...spec },
    }, { ...options, dependsOn });
  if (store.kind === "storageClass") return [claim({ storageClassName: store.name, resources: { requests: { storage: store.size } } })];
  const size = "1Pi"; // a directory has the size of its file system; Kubernetes only compares the two numbers
  const volume = new kubernetes.core.v1.PersistentVolume("store", {
    metadata: { name: `mixcpt-${storeClaim}` },
    spec: {
      accessModes: ["ReadWriteMany"],
      capacity: { storage: size },
      hostPath: { path: store.path, type: "Directory" },
      persistentVolumeReclaimPolicy: "Retain",
      storageClassName: "",
      claimRef: { namespace, name: storeClaim },
    },
  }, options);
  return [volume, claim({ storageClassName: "", volumeName: volume.metadata.name, resources: { requests: { storage: size } } }, [volume])];
}
