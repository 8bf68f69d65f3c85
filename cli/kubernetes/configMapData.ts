import { setHeaderOptions } from "@kubernetes/client-node";
import { partOfLabel } from "../../jobs/kube/objectLabels.ts";
import type { ApiClients } from "./apiClients.ts";
import { isObjectConflict, isNotFoundError } from "./apiErrors.ts";

interface ConfigMapReference {
  readonly namespace: string;
  readonly name: string;
}

/** Reads the data of a ConfigMap; empty if there is none. */
export async function readConfigMapData({ core }: ApiClients, reference: ConfigMapReference) {
  try {
    return (await core.readNamespacedConfigMap(reference)).data ?? {};
  } catch (error) {
    if (isNotFoundError(error)) return {};
    throw error;
  }
}

/** Sets keys of a ConfigMap, removes those that are null, and keeps its other ones. Others may create it meanwhile. */
export async function mergeConfigMapData(
  clients: ApiClients,
  reference: ConfigMapReference,
  data: Record<string, string | null>,
): Promise<void> {
  const { namespace, name } = reference;
  const mergePatch = setHeaderOptions("Content-Type", "application/merge-patch+json");
  try {
    await clients.core.patchNamespacedConfigMap({ namespace, name, body: { data } }, mergePatch);
  } catch (error) {
    if (!isNotFoundError(error)) throw error;
    if (!(await createConfigMap(clients, reference, data))) await mergeConfigMapData(clients, reference, data);
  }
}

/** Creates a ConfigMap; false if it exists. */
async function createConfigMap(
  { core }: ApiClients,
  { namespace, name }: ConfigMapReference,
  data: Record<string, string | null>,
): Promise<boolean> {
  try {
    const metadata = { name, namespace, labels: { [partOfLabel]: "mixcpt" } };
    const kept = Object.entries(data).flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]));
    await core.createNamespacedConfigMap({ namespace, body: { metadata, data: Object.fromEntries(kept) } });
    return true;
  } catch (error) {
    if (isObjectConflict(error)) return false;
    throw error;
  }
}
