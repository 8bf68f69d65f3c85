import { doPathsOverlap, parsePropertyPath } from "../protocol/changes.ts";
import type { PropertyChange } from "../protocol/changes.ts";
import type { Properties } from "../protocol/propertyValues.ts";

const identityFields = ["apiVersion", "kind", "metadata.name", "metadata.namespace"];
const immutableJobFields = ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"];
const volumeSourceNames = [
  "awsElasticBlockStore",
  "azureDisk",
  "azureFile",
  "cephfs",
  "cinder",
  "csi",
  "fc",
  "flexVolume",
  "flocker",
  "gcePersistentDisk",
  "glusterfs",
  "hostPath",
  "iscsi",
  "local",
  "nfs",
  "photonPersistentDisk",
  "portworxVolume",
  "quobyte",
  "rbd",
  "scaleIO",
  "storageos",
  "vsphereVolume",
];
// The only fields of a pod that the API allows to change in place.
const mutablePodFields = ["spec.activeDeadlineSeconds", "spec.tolerations", "spec.terminationGracePeriodSeconds"];

/** Fields that the API server refuses to change in place, by kind (the vendor's list). */
const immutableFields: Record<string, string[]> = {
  "apps/v1 DaemonSet": ["spec.selector"],
  "apps/v1 Deployment": ["spec.selector"],
  "apps/v1 StatefulSet": [
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/v1 Job": immutableJobFields,
  "rbac.authorization.k8s.io/v1 ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/v1 RoleBinding": ["roleRef"],
  "storage.k8s.io/v1 StorageClass": ["parameters", "provisioner"],
  "v1 PersistentVolume": volumeSourceNames.map((source) => `spec.${source}`),
  "v1 PersistentVolumeClaim": ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  "v1 Pod": ["spec"],
  "v1 ResourceQuota": ["spec.scopes"],
  "v1 Secret": ["type"],
  "v1 Service": ["spec.clusterIP"],
};

/**
 * True if a change of this path requires a new object. Content of ConfigMaps and Secrets changes in place unless they
 * are `immutable: true`. `before` is the unchanged object.
 */
export function needsReplacement({ path }: Pick<PropertyChange, "path">, before: Properties): boolean {
  const kind = `${String(before["apiVersion"])} ${String(before["kind"])}`;
  if (kind === "v1 Pod" && mutablePodFields.some((allowed) => doPathsOverlap(path, parsePropertyPath(allowed))))
    return false;
  const immutable = before["immutable"] === true ? ["data", "stringData", "binaryData", "immutable"] : [];
  return [...identityFields, ...immutable, ...(immutableFields[kind] ?? [])].some((field) =>
    doPathsOverlap(path, parsePropertyPath(field)),
  );
}
