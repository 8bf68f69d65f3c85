import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import type { V1ConfigMap } from "@kubernetes/client-node";
import { kindLabel } from "../../jobs/kube/objectLabels.ts";
import type { GpuNodeSummary } from "../../reporting/reportModel.ts";
import type { ScoresConfigMap } from "../../reporting/scoresConfigMap.ts";
import { summarizeGpuNodes } from "./gpuNodes.ts";

export interface ClusterScores {
  readonly configMaps: readonly ScoresConfigMap[];
  readonly hardware: GpuNodeSummary | null;
}

function convertConfigMap({ metadata, data }: V1ConfigMap): ScoresConfigMap {
  return {
    name: metadata?.name ?? "",
    created: metadata?.creationTimestamp === undefined ? null : new Date(metadata.creationTimestamp).toISOString(),
    data: data ?? {},
  };
}

/** Reads the scores and the nodes. Whoever may not read nodes (they belong to no namespace) gets a report without hardware. */
export async function fetchClusterScores({
  kubeconfig,
  namespace,
}: {
  kubeconfig: string;
  namespace: string;
}): Promise<ClusterScores> {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const [configMaps, hardware] = await Promise.all([
    core.listNamespacedConfigMap({ namespace, labelSelector: `${kindLabel}=scores` }),
    core.listNode().then(
      ({ items }) => summarizeGpuNodes(items),
      () => null,
    ),
  ]);
  return { configMaps: configMaps.items.map(convertConfigMap), hardware };
}
