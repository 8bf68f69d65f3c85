import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { makesPlatform } from "../../infra/clusterConfig.ts";
import { parseClusterOutputs } from "../../stacks/clusterConnection.ts";
import { closeChangedNodes } from "../preflight/closedNodes.ts";
import type { LinePrinter } from "../terminal/printLine.ts";
import { awaitCluster } from "./awaitCluster.ts";
import { warnOfGpuNodes } from "./checkGpuNodes.ts";
import { identifyStore } from "./identifyStore.ts";

interface UpdateResult {
  readonly config: ClusterConfig;
  readonly kubeconfig: string;
  /** The outputs of the stack. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly print: LinePrinter;
}

/**
 * Asks a cluster after its `cluster up` whether it can be used, prints which of its nodes get no work and why, and
 * tells it the id of its store.
 * @throws Error with the reason why the cluster cannot be used
 */
export async function checkUpdatedCluster(stack: string, updated: UpdateResult): Promise<void> {
  await awaitCluster(stack, updated);
  await warnOfGpuNodes(stack, updated);
  await closeChangedNodes(stack, updated);
  const { config, kubeconfig, values, print } = updated;
  if (!makesPlatform(config)) return;
  await identifyStore(stack, { config, outputs: parseClusterOutputs(stack, values), kubeconfig, print });
}
