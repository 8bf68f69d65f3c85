import type { V1ConfigMap } from "@kubernetes/client-node";
import type { GpuNodeSummary } from "../../reporting/reportModel.ts";
import type { ScoresConfigMap } from "../../reporting/scoresConfigMap.ts";
import { createApiClients } from "./apiClients.ts";
import { summarizeGpuNodes } from "./gpuNodes.ts";
import { scoresSelector } from "./objectKinds.ts";
import type { NamespaceAccess } from "./snapshotReader.ts";

interface ClusterScores {
  readonly configMaps: readonly ScoresConfigMap[];
  /** The cluster's GPUs; null if there are none, or if the user may not read nodes. */
  readonly hardware: GpuNodeSummary | null;
}

function convertConfigMap({ metadata, data }: V1ConfigMap): ScoresConfigMap {
  return {
    name: metadata?.name ?? "",
    created: metadata?.creationTimestamp === undefined ? null : new Date(metadata.creationTimestamp).toISOString(),
    data: data ?? {},
  };
}

/**
 * Fetches the published scores and the cluster's GPUs. Nodes belong to no namespace, so that a user who is restricted
 * to one may not be allowed to read them: the report then has no hardware.
 */
export async function fetchClusterScores({ kubeconfig, namespace }: NamespaceAccess): Promise<ClusterScores> {
  const { core } = createApiClients(kubeconfig);
  const [configMaps, hardware] = await Promise.all([
    core.listNamespacedConfigMap({ namespace, labelSelector: scoresSelector }),
    core.listNode().then(
      ({ items }) => summarizeGpuNodes(items),
      () => null,
    ),
  ]);
  return { configMaps: configMaps.items.map(convertConfigMap), hardware };
}
