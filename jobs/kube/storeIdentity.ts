import type { EnvVar } from "kubernetes-types/core/v1.js";

/**
 * Name of the ConfigMap in the namespace of the experiments with the id of the store, which a file in the store has,
 * too (images/base, store_identity.py). `cluster up` makes it.
 */
export const storeIdentityMap = "mixcpt-store";

const idKey = "id";

/**
 * Builds the variables by which a pod recognizes the store. Without the ConfigMap, as on a cluster since before it was
 * made, the pod compares nothing.
 */
export function buildStoreVars(mount: string): EnvVar[] {
  return [
    { name: "MIXCPT_STORE", value: mount },
    { name: "MIXCPT_STORE_ID", valueFrom: { configMapKeyRef: { name: storeIdentityMap, key: idKey, optional: true } } },
    { name: "MIXCPT_NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
  ];
}
