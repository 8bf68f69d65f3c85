import type { TargetResult } from "../../jobs/preflight/index.ts";
import type { ApiClients } from "../kubernetes/apiClients.ts";
import { fetchCreationTimes } from "../kubernetes/preflightClient.ts";

/**
 * Selects the results of nodes that still exist. One that was removed while others were tested must not hide their
 * results, and one that was made again since its own test is another machine.
 */
export async function selectPresentNodes(
  clients: ApiClients,
  results: readonly TargetResult[],
): Promise<TargetResult[]> {
  const times = await fetchCreationTimes(clients);
  const isPresent = (node: string, tested: Date): boolean => {
    const created = times.get(node);
    return times.has(node) && (created === undefined || created <= tested);
  };
  return results.filter(({ nodes, time }) => nodes.every((node) => isPresent(node, new Date(time))));
}
