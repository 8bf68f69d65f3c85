import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { closeChangedNodes } from "../preflight/closedNodes.ts";
import type { LinePrinter } from "../terminal/printLine.ts";
import { awaitCluster } from "./awaitCluster.ts";
import { warnOfGpuNodes } from "./checkGpuNodes.ts";

/**
 * Asks a cluster after its `cluster up` whether it can be used, and prints which of its nodes get no work and why.
 * @throws Error with the reason why the cluster cannot be used
 */
export async function checkUpdatedCluster(
  stack: string,
  updated: { readonly config: ClusterConfig; readonly kubeconfig: string; readonly print: LinePrinter },
): Promise<void> {
  await awaitCluster(stack, updated);
  await warnOfGpuNodes(stack, updated);
  await closeChangedNodes(stack, updated);
}
