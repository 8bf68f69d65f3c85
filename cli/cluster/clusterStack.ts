import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Toolchain } from "../../workspace/toolchain.ts";
import { createEventPrinter } from "../engine/updateOutput.ts";
import { openStack } from "../engine/openStack.ts";
import { listActiveWorkloads } from "../kubernetes/activeWorkloads.ts";
import { refuseOtherBackend } from "./otherBackend.ts";
import { readClusterConfig, resolveKubeconfigPath } from "./readClusterConfig.ts";
import { hasBridge, isHostAlive, removeLocalHosts, findHostIndexes } from "./hostTraces.ts";
import { requireLocalHostSupport } from "../setup/machineRequirements.ts";
import { formatUpdateSummary } from "../engine/updateOutput.ts";
import { listExperimentsStacks } from "./dependentStacks.ts";
import { refuseClusterInUse } from "./refuseClusterInUse.ts";
import { listPlatformStacks } from "./dependentStacks.ts";
import { needsHostCleanup } from "./staleHosts.ts";
import { deleteStackState, hasStackState, hasKubernetesObjects } from "../engine/stackState.ts";

const clusterProject = "mixcpt-infra";

/** Makes the cluster of a stack, or brings it to what its configuration says; nothing happens where it is that already. */
export async function updateClusterStack(
  stack: string,
  software: Toolchain,
  print: (line: string) => void,
): Promise<void> {
  const config = readClusterConfig(stack);
  refuseOtherBackend(stack);
  if (config.kind === "local") {
    requireLocalHostSupport();
    await removeStaleHosts(stack, print);
  }
  const opened = await openStack(clusterProject, stack, software);
  const { outputs, summary: result } = await opened.up({
    onEvent: createEventPrinter(print),
    suppressProgress: true,
    parallel: 32,
  });
  writeClusterKubeconfig(stack, String(outputs["kubeconfig"]?.value));
  print(formatUpdateSummary(`cluster up ${stack}`, result));
}

function writeClusterKubeconfig(stack: string, content: string): void {
  mkdirSync(dirname(resolveKubeconfigPath(stack)), { recursive: true });
  writeFileSync(resolveKubeconfigPath(stack), content, { mode: 0o600 });
}

/** @throws Error that says how to get one */
export function requireKubeconfig(stack: string): void {
  if (!existsSync(resolveKubeconfigPath(stack)))
    throw new Error(`there is no cluster "${stack}" yet: bring it up with ./mixcpt cluster up ${stack}`);
}

/** @throws Error that says how to get one */
export function readClusterKubeconfig(stack: string): string {
  requireKubeconfig(stack);
  return readFileSync(resolveKubeconfigPath(stack), "utf8");
}

/** A machine that was restarted, or a run that was killed with its hosts: clears the rest, so that nothing of it is in the way. */
async function removeStaleHosts(stack: string, print: (line: string) => void): Promise<void> {
  const alive = findHostIndexes(stack).map((index) => isHostAlive(stack, index));
  if (!needsHostCleanup({ stated: hasStackState(clusterProject, stack), bridge: hasBridge(stack), alive })) return;
  print("  the hosts of an earlier run are not alive: clearing what they left (results in the store are kept)");
  await removeLocalCluster(stack);
}

/** Commands that take off what this checkout put on the cluster. */
function listDependentStacks(stack: string): string[] {
  return [
    ...listExperimentsStacks(stack)
      .filter((experiments) => hasKubernetesObjects("mixcpt", experiments))
      .map((experiments) => `./mixcpt destroy ${experiments}`),
    ...listPlatformStacks(stack)
      .filter((platform) => hasKubernetesObjects(clusterProject, platform))
      .map((platform) => `./mixcpt cluster destroy ${platform}`),
  ];
}

/**
 * Takes the platform off the cluster, and Kubernetes off the machines that this stack put it on.
 * @throws Error while something still stands on it, of this checkout or any other: what it needs to end would go before it
 */
export async function destroyClusterStack(
  stack: string,
  software: Toolchain,
  print: (line: string) => void,
): Promise<void> {
  const config = readClusterConfig(stack);
  const { silent, unfinished = [] } = await listActiveWorkloads(stack, { config, software });
  if (silent !== undefined) {
    print(`  whether work is going on there is not known: ${silent}`);
    if (config.kind === "local") await removeStaleHosts(stack, print);
  }
  refuseClusterInUse(stack, { destroyCommands: listDependentStacks(stack), activeWorkloads: unfinished });
  const opened = await openStack(clusterProject, stack, software);
  const { summary: result } = await opened.destroy({
    onEvent: createEventPrinter(print),
    suppressProgress: true,
    parallel: 32,
  });
  rmSync(resolveKubeconfigPath(stack), { force: true });
  print(formatUpdateSummary(`cluster destroy ${stack}`, result));
}

/**
 * Ends the local hosts of a stack and forgets what ran on them; the store stays.
 * @throws Error for a cluster that is not made of local hosts: its objects outlive this machine, and so must their state
 */
export async function removeLocalCluster(stack: string): Promise<number> {
  const { kind } = readClusterConfig(stack);
  if (kind !== "local")
    throw new Error(
      `cluster "${stack}" is not made of local hosts (kind: ${kind}): ./mixcpt cluster destroy ${stack} takes off it what this project put there`,
    );
  refuseOtherBackend(stack);
  const ended = await removeLocalHosts(stack);
  for (const cluster of [...listPlatformStacks(stack), stack]) {
    for (const experiments of listExperimentsStacks(cluster)) deleteStackState("mixcpt", experiments);
    deleteStackState(clusterProject, cluster);
  }
  return ended;
}
