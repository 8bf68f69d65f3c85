import type { V1Node } from "@kubernetes/client-node";
import { setHeaderOptions } from "@kubernetes/client-node";
import { deviceResource } from "../../jobs/hardware/gpuCatalog.ts";
import { partOfLabel } from "../../jobs/kube/objectLabels.ts";
import type { ApiClients } from "./apiClients.ts";
import { isNotFoundError } from "./apiErrors.ts";
import type { PreflightNode } from "./preflightObjects.ts";

/** Annotation of a node that `preflight` cordoned, so that it uncordons no node that somebody else did. */
const cordonAnnotation = "mixcpt.io/cordoned-by";
const cordonValue = "preflight";

function convertNode({ metadata, spec }: V1Node): PreflightNode {
  return {
    name: metadata?.name ?? "",
    cordoned: spec?.unschedulable === true,
    cordonedHere: metadata?.annotations?.[cordonAnnotation] === cordonValue,
  };
}

/** Lists the nodes that advertise devices, by their names. */
export async function listPreflightNodes({ core }: ApiClients): Promise<PreflightNode[]> {
  const { items } = await core.listNode();
  const gpuNodes = items.filter(({ status }) => Number(status?.capacity?.[deviceResource] ?? 0) > 0);
  return gpuNodes.map(convertNode).sort((a, b) => (a.name < b.name ? -1 : 1));
}

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

/** Sets keys of a ConfigMap, removes those that are null, and keeps its other ones. */
export async function mergeConfigMapData(
  { core }: ApiClients,
  { namespace, name }: ConfigMapReference,
  data: Record<string, string | null>,
): Promise<void> {
  const mergePatch = setHeaderOptions("Content-Type", "application/merge-patch+json");
  try {
    await core.patchNamespacedConfigMap({ namespace, name, body: { data } }, mergePatch);
  } catch (error) {
    if (!isNotFoundError(error)) throw error;
    const metadata = { name, namespace, labels: { [partOfLabel]: "mixcpt" } };
    const kept = Object.entries(data).flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]));
    await core.createNamespacedConfigMap({ namespace, body: { metadata, data: Object.fromEntries(kept) } });
  }
}

/** Keeps new pods from a node, or lets them in again, and records that this command did so. */
export async function setNodeCordon({ core }: ApiClients, name: string, cordon: boolean): Promise<void> {
  const annotations = { [cordonAnnotation]: cordon ? cordonValue : null };
  const mergePatch = setHeaderOptions("Content-Type", "application/merge-patch+json");
  await core.patchNode({ name, body: { metadata: { annotations }, spec: { unschedulable: cordon } } }, mergePatch);
}
