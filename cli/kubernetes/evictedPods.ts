import { z } from "zod";
import { deviceResource } from "../../jobs/hardware/gpuCatalog.ts";
import { fetchKubectlList } from "./kubectl.ts";

/** Pods as NAMESPACE/NAME, or the reason, in one line, why they are unknown. */
export type EvictedPods = readonly string[] | { readonly unavailable: string };

const limitsSchema = z.record(z.string(), z.unknown()).optional();

const podListSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        namespace: z.string(),
        name: z.string(),
        ownerReferences: z.array(z.object({ kind: z.string() })).optional(),
      }),
      spec: z.object({ containers: z.array(z.object({ resources: z.object({ limits: limitsSchema }).optional() })) }),
    }),
  ),
});

type ListedPod = z.infer<typeof podListSchema>["items"][number];

/** The cluster has just answered, so it is there, and may be busy. */
const patience = { timeoutMilliseconds: 60_000, attempts: 5 };

interface PodQuery {
  readonly cluster: string;
  readonly programs: readonly string[];
  readonly isWanted: (pod: ListedPod) => boolean;
}

/** Lists the wanted ones of the unfinished pods of a node. */
async function listNodePods(node: string, { cluster, programs, isWanted }: PodQuery): Promise<EvictedPods> {
  const selector = `--field-selector=spec.nodeName=${node},status.phase!=Succeeded,status.phase!=Failed`;
  const { json, unavailable } = await fetchKubectlList(cluster, ["pods", "--all-namespaces", selector], {
    ...patience,
    programs,
  });
  if (json === undefined) return { unavailable };
  return podListSchema
    .parse(JSON.parse(json))
    .items.filter(isWanted)
    .map(({ metadata: { namespace, name } }) => `${namespace}/${name}`);
}

function isEvicted({ metadata }: ListedPod): boolean {
  return !metadata.ownerReferences?.some(({ kind }) => /^(Node|DaemonSet)$/.test(kind));
}

/** Lists the pods that a drain of a node evicts: neither those of daemons nor those that its kubelet starts itself. */
export function listEvictedPods(cluster: string, node: string, programs: readonly string[]): Promise<EvictedPods> {
  return listNodePods(node, { cluster, programs, isWanted: isEvicted });
}

function usesDevices({ spec }: ListedPod): boolean {
  return spec.containers.some(({ resources }) => resources?.limits?.[deviceResource] !== undefined);
}

/** Lists the pods of a node that use its devices. */
export function listDevicePods(cluster: string, node: string, programs: readonly string[]): Promise<EvictedPods> {
  return listNodePods(node, { cluster, programs, isWanted: usesDevices });
}
