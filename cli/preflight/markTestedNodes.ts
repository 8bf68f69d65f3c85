import { requiresPreflight } from "../../infra/platform/closedNodes.ts";
import { getNamespace } from "../../infra/clusterNames.ts";
import type { TargetResult } from "../../jobs/preflight/index.ts";
import { listFailedNodes, listPassedNodes } from "../../jobs/preflight/index.ts";
import { readClusterConfig } from "../cluster/readClusterConfig.ts";
import type { ApiClients } from "../kubernetes/apiClients.ts";
import { listPreflightNodes, markNode, setQuarantine } from "../kubernetes/preflightClient.ts";
import type { PreflightOutcome } from "./preflightDocument.ts";

/** Releases the nodes that preflight put into quarantine earlier, and none that an operator did. */
async function releaseRepairedNodes(clients: ApiClients, passed: readonly string[]): Promise<void> {
  const nodes = await listPreflightNodes(clients);
  for (const { name, quarantine } of nodes)
    if (quarantine === "preflight" && passed.includes(name)) await setQuarantine(clients, name);
}

/**
 * Opens the nodes that passed to work and closes those that failed, where the cluster's file requires preflight.
 * Elsewhere no node is touched. Nodes that were not tested stay as they are.
 */
export async function markTestedNodes(
  clients: ApiClients,
  cluster: string,
  results: readonly TargetResult[],
): Promise<Pick<PreflightOutcome, "opened" | "closed">> {
  const config = readClusterConfig(cluster);
  if (!requiresPreflight(config)) return { opened: [], closed: [] };
  const namespace = getNamespace(config);
  const [opened, closed] = [listPassedNodes(results), listFailedNodes(results)];
  for (const name of closed) await markNode(clients, name, { namespace, mark: "failed" });
  for (const name of opened) await markNode(clients, name, { namespace, mark: "passed" });
  await releaseRepairedNodes(clients, opened);
  return { opened, closed };
}
