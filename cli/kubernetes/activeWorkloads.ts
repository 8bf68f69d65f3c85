import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { explainClientError } from "./apiErrors.ts";
import type { KubectlOptions } from "./kubectl.ts";
import { fetchKubectlList } from "./kubectl.ts";
import { getResourceName } from "./objectKinds.ts";
import { activeWorkloadKinds, buildNamespaceArguments, parseActiveWorkloads } from "./workloadList.ts";
import type { ActiveWorkload } from "./workloadList.ts";

/** The unfinished work on a cluster, or the reason, in one line, why it is unknown. */
type ActiveWorkloadsResult =
  { workloads: ActiveWorkload[]; unavailable?: never } | { unavailable: string; workloads?: never };

/**
 * Lists unfinished work on the cluster of a stack, regardless of who submitted it. Never throws: a cluster that cannot
 * be read can still be destroyed.
 */
export async function listActiveWorkloads(
  stack: string,
  config: ClusterConfig,
  options: KubectlOptions,
): Promise<ActiveWorkloadsResult> {
  const scope = buildNamespaceArguments(config);
  const lists = await Promise.all(
    activeWorkloadKinds.map(async (kind) => ({
      kind,
      result: await fetchKubectlList(stack, [getResourceName(kind), ...scope], options),
    })),
  );
  const unavailable = lists.map(({ result }) => result.unavailable).find((reason) => reason !== undefined);
  if (unavailable !== undefined) return { unavailable };
  try {
    return { workloads: lists.flatMap(({ kind, result: { json } }) => (json ? parseActiveWorkloads(json, kind) : [])) };
  } catch (error) {
    return { unavailable: explainClientError(stack, error) };
  }
}
