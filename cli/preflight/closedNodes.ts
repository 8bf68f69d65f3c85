import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { getNamespace } from "../../infra/clusterNames.ts";
import type { ClosedNode } from "../../infra/platform/closedNodes.ts";
import { listClosedNodes, requiresPreflight } from "../../infra/platform/closedNodes.ts";
import { formatErrorMessage } from "../explainError.ts";
import { createApiClients } from "../kubernetes/apiClients.ts";
import { listMarkedNodes, markNode } from "../kubernetes/preflightClient.ts";
import type { LinePrinter } from "../terminal/printLine.ts";
import { describeClosedNodes } from "./describeClosedNodes.ts";

interface ReachedCluster {
  readonly config: ClusterConfig;
  readonly kubeconfig: string;
}

/** Fetches the nodes that wait for preflight; asks nothing where the cluster's file does not require it. */
export async function fetchClosedNodes({ config, kubeconfig }: ReachedCluster): Promise<ClosedNode[]> {
  if (!requiresPreflight(config)) return [];
  return listClosedNodes(await listMarkedNodes(createApiClients(kubeconfig)), config);
}

/**
 * Closes the nodes that passed preflight as another machine or with other devices, and prints all that wait for it.
 * What runs on them continues.
 */
export async function closeChangedNodes(
  stack: string,
  { config, kubeconfig, print }: ReachedCluster & { readonly print: LinePrinter },
): Promise<void> {
  try {
    const nodes = await fetchClosedNodes({ config, kubeconfig });
    const namespace = getNamespace(config);
    for (const { name, state } of nodes)
      if (state === "changed") await markNode(createApiClients(kubeconfig), name, { namespace, mark: state });
    for (const line of describeClosedNodes(stack, nodes)) print(`  warning: ${line}`);
  } catch (error) {
    print(`  warning: the nodes that wait for preflight are not known: ${formatErrorMessage(error)}`);
  }
}
