import { rmSync } from "node:fs";
import type { Toolchain } from "../../workspace/toolchain.ts";
import { engineOptions } from "../engine/engineOptions.ts";
import { openStack } from "../engine/openStack.ts";
import { deleteStackState, hasStackState } from "../engine/stackState.ts";
import { createEventPrinter, formatUpdateSummary } from "../engine/updateOutput.ts";
import { listActiveWorkloads } from "../kubernetes/activeWorkloads.ts";
import { resolveKubeconfigPath, writeClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { requireLocalHostSupport } from "../setup/machineRequirements.ts";
import { listDestroyCommands, listExperimentsStacks, listPlatformStacks } from "./dependentStacks.ts";
import { findHostIndexes, hasBridge, isHostAlive, removeLocalHosts } from "./hostTraces.ts";
import { refuseOtherBackend } from "./otherBackend.ts";
import { readClusterConfig } from "./readClusterConfig.ts";
import { refuseClusterInUse } from "./refuseClusterInUse.ts";
import { needsHostCleanup } from "./staleHosts.ts";

const clusterProject = "mixcpt-infra";

type LinePrinter = (line: string) => void;

/** Removes what hosts left that were killed, or lost when the machine restarted, so that `up` can start again. */
async function removeStaleHosts(stack: string, print: LinePrinter): Promise<void> {
  const alive = findHostIndexes(stack).map((index) => isHostAlive(stack, index));
  const remains = { hasState: hasStackState(clusterProject, stack), hasBridge: hasBridge(stack), alive };
  if (!needsHostCleanup(remains)) return;
  print("  the hosts of an earlier run are no longer running; removing what they left (the store keeps its results)");
  await removeLocalCluster(stack);
}

/** Creates the cluster of a stack, or updates it to its configuration. */
export async function updateClusterStack(stack: string, software: Toolchain, print: LinePrinter): Promise<void> {
  const config = readClusterConfig(stack);
  refuseOtherBackend(stack);
  if (config.kind === "local") {
    requireLocalHostSupport();
    await removeStaleHosts(stack, print);
  }
  const opened = await openStack(clusterProject, stack, software);
  const { outputs, summary } = await opened.up({ ...engineOptions, onEvent: createEventPrinter(print) });
  writeClusterKubeconfig(stack, String(outputs["kubeconfig"]?.value));
  print(formatUpdateSummary(`cluster up ${stack}`, summary));
}

/**
 * Removes the platform from the cluster, and Kubernetes from the machines that this stack installed it on.
 * @throws Error while work of this or any other checkout is on the cluster: the controllers that end it would go first
 */
export async function destroyClusterStack(stack: string, software: Toolchain, print: LinePrinter): Promise<void> {
  const config = readClusterConfig(stack);
  const { unavailable, workloads = [] } = await listActiveWorkloads(stack, { config, software });
  if (unavailable !== undefined) {
    print(`  could not check for unfinished work: ${unavailable}`);
    if (config.kind === "local") await removeStaleHosts(stack, print);
  }
  refuseClusterInUse(stack, { destroyCommands: listDestroyCommands(stack), activeWorkloads: workloads });
  const opened = await openStack(clusterProject, stack, software);
  const { summary } = await opened.destroy({ ...engineOptions, onEvent: createEventPrinter(print) });
  rmSync(resolveKubeconfigPath(stack), { force: true });
  print(formatUpdateSummary(`cluster destroy ${stack}`, summary));
}

/**
 * Ends the local hosts of a stack and deletes the state of every stack on them; the store stays.
 * @returns the number of hosts
 * @throws Error for a cluster of another kind: its objects outlive this machine, and so must their state
 */
export async function removeLocalCluster(stack: string): Promise<number> {
  const { kind } = readClusterConfig(stack);
  if (kind !== "local")
    throw new Error(
      `cluster "${stack}" does not consist of local hosts (kind: ${kind}); ` +
        `remove what this project put on it with ./mixcpt cluster destroy ${stack}`,
    );
  refuseOtherBackend(stack);
  const hostCount = await removeLocalHosts(stack);
  for (const cluster of [...listPlatformStacks(stack), stack]) {
    for (const experiments of listExperimentsStacks(cluster)) deleteStackState("mixcpt", experiments);
    deleteStackState(clusterProject, cluster);
  }
  return hostCount;
}
