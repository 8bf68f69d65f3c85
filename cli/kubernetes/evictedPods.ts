import { z } from "zod";
import { fetchKubectlList } from "./kubectl.ts";

/** Pods as NAMESPACE/NAME, or the reason, in one line, why they are unknown. */
export type EvictedPods = readonly string[] | { readonly unavailable: string };

const podListSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        namespace: z.string(),
        name: z.string(),
        ownerReferences: z.array(z.object({ kind: z.string() })).optional(),
      }),
    }),
  ),
});

const queryTimeoutMilliseconds = 5000;

/** Lists the pods that a drain of a node evicts: neither those of daemons nor those that its kubelet starts itself. */
export async function listEvictedPods(
  cluster: string,
  node: string,
  programs: readonly string[],
): Promise<EvictedPods> {
  const selector = `--field-selector=spec.nodeName=${node},status.phase!=Succeeded,status.phase!=Failed`;
  const { json, unavailable } = await fetchKubectlList(cluster, ["pods", "--all-namespaces", selector], {
    timeoutMilliseconds: queryTimeoutMilliseconds,
    programs,
  });
  if (json === undefined) return { unavailable };
  return podListSchema
    .parse(JSON.parse(json))
    .items.filter(({ metadata }) => !metadata.ownerReferences?.some(({ kind }) => /^(Node|DaemonSet)$/.test(kind)))
    .map(({ metadata: { namespace, name } }) => `${namespace}/${name}`);
}
