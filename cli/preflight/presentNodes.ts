import type { TargetResult } from "../../jobs/preflight/index.ts";
import type { ApiClients } from "../kubernetes/apiClients.ts";
import { listMarkedNodes } from "../kubernetes/preflightClient.ts";

/** Selects the results of nodes that still exist: one that was removed meanwhile must not hide those of the others. */
export async function selectPresentNodes(
  clients: ApiClients,
  results: readonly TargetResult[],
): Promise<TargetResult[]> {
  const names = new Set((await listMarkedNodes(clients)).map(({ metadata }) => metadata?.name));
  return results.filter(({ nodes }) => nodes.every((node) => names.has(node)));
}
