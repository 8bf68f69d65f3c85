import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Software } from "../../infra/software.ts";
import { eventPrinter } from "../engine/events.ts";
import { openStack } from "../engine/stacks.ts";
import { unfinishedOn } from "./askUnfinished.ts";
import { refuseOtherBackend } from "./backend.ts";
import { clusterConfig, kubeconfigFile } from "./declared.ts";
import { bridgeExists, isAlive, removeLocalHosts, tracesOf } from "./localHosts.ts";
import { refuseLocalHosts } from "../setup/machine.ts";
import { summary } from "../engine/summary.ts";
import { experimentsOn } from "./experiments.ts";
import { refuseInUse } from "./inUse.ts";
import { platformsOn } from "./platforms.ts";
import { mustBeCleared } from "./remains.ts";
import { forgetStack, hasState, holdsObjects } from "./state.ts";

const project = "mixcpt-infra";

/** Makes the cluster of a stack, or brings it to what its configuration says; nothing happens where it is that already. */
export async function clusterUp(stack: string, software: Software, print: (line: string) => void): Promise<void> {
  const config = clusterConfig(stack);
  refuseOtherBackend(stack);
  if (config.kind === "local") {
    refuseLocalHosts();
    await clearDeadHosts(stack, print);
  }
  const opened = await openStack(project, stack, software);
  const { outputs, summary: result } = await opened.up({ onEvent: eventPrinter(print), suppressProgress: true, parallel: 32 });
  writeKubeconfig(stack, String(outputs["kubeconfig"]?.value));
  print(summary(`cluster up ${stack}`, result));
}

function writeKubeconfig(stack: string, content: string): void {
  mkdirSync(dirname(kubeconfigFile(stack)), { recursive: true });
  writeFileSync(kubeconfigFile(stack), content, { mode: 0o600 });
}

/** @throws Error that says how to get one */
export function refuseUnknownCluster(stack: string): void {
  if (!existsSync(kubeconfigFile(stack))) throw new Error(`there is no cluster "${stack}" yet: bring it up with ./mixcpt cluster up ${stack}`);
}

/** @throws Error that says how to get one */
export function readKubeconfig(stack: string): string {
  refuseUnknownCluster(stack);
  return readFileSync(kubeconfigFile(stack), "utf8");
}

/** A machine that was restarted, or a run that was killed with its hosts: clears the rest, so that nothing of it is in the way. */
async function clearDeadHosts(stack: string, print: (line: string) => void): Promise<void> {
  const alive = tracesOf(stack).map((index) => isAlive(stack, index));
  if (!mustBeCleared({ stated: hasState(project, stack), bridge: bridgeExists(stack), alive })) return;
  print("  the hosts of an earlier run are not alive: clearing what they left (results in the store are kept)");
  await clusterDown(stack);
}

/** Commands that take off what this checkout put on the cluster. */
function standingOn(stack: string): string[] {
  return [
    ...experimentsOn(stack).filter((experiments) => holdsObjects("mixcpt", experiments)).map((experiments) => `./mixcpt destroy ${experiments}`),
    ...platformsOn(stack).filter((platform) => holdsObjects(project, platform)).map((platform) => `./mixcpt cluster destroy ${platform}`),
  ];
}

/**
 * Takes the platform off the cluster, and Kubernetes off the machines that this stack put it on.
 * @throws Error while something still stands on it, of this checkout or any other: what it needs to end would go before it
 */
export async function clusterDestroy(stack: string, software: Software, print: (line: string) => void): Promise<void> {
  const config = clusterConfig(stack);
  const { silent, unfinished = [] } = await unfinishedOn(stack, { config, software });
  if (silent !== undefined) {
    print(`  whether work is going on there is not known: ${silent}`);
    if (config.kind === "local") await clearDeadHosts(stack, print);
  }
  refuseInUse(stack, { first: standingOn(stack), unfinished });
  const opened = await openStack(project, stack, software);
  const { summary: result } = await opened.destroy({ onEvent: eventPrinter(print), suppressProgress: true, parallel: 32 });
  rmSync(kubeconfigFile(stack), { force: true });
  print(summary(`cluster destroy ${stack}`, result));
}

/**
 * Ends the local hosts of a stack and forgets what ran on them; the store stays.
 * @throws Error for a cluster that is not made of local hosts: its objects outlive this machine, and so must their state
 */
export async function clusterDown(stack: string): Promise<number> {
  const { kind } = clusterConfig(stack);
  if (kind !== "local") throw new Error(`cluster "${stack}" is not made of local hosts (kind: ${kind}): ./mixcpt cluster destroy ${stack} takes off it what this project put there`);
  refuseOtherBackend(stack);
  const ended = await removeLocalHosts(stack);
  for (const cluster of [...platformsOn(stack), stack]) {
    for (const experiments of experimentsOn(cluster)) forgetStack("mixcpt", experiments);
    forgetStack(project, cluster);
  }
  return ended;
}
