import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { formatHostName } from "../../infra/resourceNames.ts";
import type { Toolchain } from "../../workspace/toolchain.ts";
import { infraProject } from "../../jobs/kube/clusterIdentity.ts";
import { refuseLockedStack } from "../engine/stackLocks.ts";
import { deleteStackState, hasStackState } from "../engine/stackState.ts";
import { deleteKubeconfig, hasKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { requireLocalHostSupport } from "../setup/machineRequirements.ts";
import { confirmRemoval } from "../terminal/confirmRemoval.ts";
import { buildRemovalWait, mayHostsWork, surveyCluster } from "./clusterSurvey.ts";
import type { DependentStack } from "./dependentStacks.ts";
import { isOnOtherCluster, listDependentStacks, listExperimentsStacks, listPlatformStacks } from "./dependentStacks.ts";
import { findHostIndexes, hasBridge, isHostAlive, removeLocalHosts } from "./hostTraces.ts";
import { refuseOtherBackend } from "./otherBackend.ts";
import { readClusterConfig } from "./readClusterConfig.ts";
import { refuseEndingHosts } from "./refuseRemoval.ts";
import { formatClusterRemoval } from "./removalSummary.ts";
import { needsHostCleanup } from "./staleHosts.ts";
import type { LinePrinter } from "../terminal/printLine.ts";

interface HostQuery {
  readonly config: ClusterConfig;
  readonly software: Pick<Toolchain, "programs">;
  readonly print: LinePrinter;
}

/** The host that runs the API server. */
const controlPlaneIndex = 0;

/**
 * Checks this machine before anything is made. Hosts that exist have their addresses already.
 * @throws Error if it cannot run the local hosts of a stack, with a remedy
 */
export function requireMachineForHosts(stack: string, config: ClusterConfig): void {
  if (config.kind !== "local") return;
  const alive = listAliveHosts(stack).filter(Boolean).length;
  const controlPlanes = isHostAlive(stack, controlPlaneIndex) ? 0 : 1;
  const workers = Math.max(0, config.hosts - alive - controlPlanes);
  requireLocalHostSupport(hasBridge(stack) ? [] : [config.network], { workers, controlPlanes });
}

/** For each local host with traces, true if its systemd runs. */
export function listAliveHosts(stack: string): boolean[] {
  return findHostIndexes(stack).map((index) => isHostAlive(stack, index));
}

/**
 * Finds out whether hosts of an earlier run must be removed before `up`, because they were killed, or lost when the
 * machine restarted.
 * @throws Error if unfinished work is on those that still run
 */
export async function requiresHostCleanup(stack: string, { print, ...query }: HostQuery): Promise<boolean> {
  if (query.config.kind !== "local") return false;
  const alive = listAliveHosts(stack);
  const remains = { hasState: hasStackState(infraProject, stack), hasBridge: hasBridge(stack), alive };
  if (!needsHostCleanup(remains)) return false;
  if (alive.includes(true)) {
    const wait = isHostAlive(stack, controlPlaneIndex) ? { print } : undefined;
    const { workloads } = await surveyCluster(stack, { ...query, wait });
    // Without an answer the cleanup goes ahead: it repairs clusters whose control plane is dead.
    refuseEndingHosts(`cluster up ${stack}`, { workloads, unavailable: undefined, mayWork: true, endRunning: false });
  }
  return true;
}

/** Removes what hosts left that were killed, or lost when the machine restarted, so that `up` can start again. */
export async function removeStaleHosts(stack: string, query: HostQuery): Promise<void> {
  if (!(await requiresHostCleanup(stack, query))) return;
  query.print(
    "  the hosts of an earlier run are no longer running; removing what they left (the store keeps its results)",
  );
  await removeLocalCluster(stack);
}

/** Ends the local hosts of a stack and deletes the state and kubeconfig of every stack on them; the store stays. */
async function removeLocalCluster(stack: string): Promise<number> {
  const hostCount = await removeLocalHosts(stack);
  for (const cluster of [...listPlatformStacks(stack), stack]) {
    // A state with objects on another cluster, too, is the only record of those.
    for (const experiments of listExperimentsStacks(cluster))
      if (!isOnOtherCluster(experiments, cluster)) deleteStackState("mixcpt", experiments);
    deleteStackState(infraProject, cluster);
    deleteKubeconfig(cluster);
  }
  return hostCount;
}

/** @throws Error for a cluster of another kind: its objects outlive this machine, and so must their state */
function refuseOtherKind(stack: string, { kind }: ClusterConfig): void {
  if (kind === "local") return;
  throw new Error(
    `cluster "${stack}" does not consist of local hosts (kind: ${kind}); ` +
      `remove what this project put on it with ./mixcpt cluster destroy ${stack}`,
  );
}

interface ShutDownOptions {
  readonly software: Pick<Toolchain, "programs">;
  readonly print: LinePrinter;
  /** True if the user has confirmed the removal on the command line. */
  readonly yes: boolean;
  /** Ends unfinished work, and hosts that run but do not answer. */
  readonly endRunning: boolean;
}

/** Lists the stacks whose state goes with local hosts: those on the cluster, and on the platforms that stand on it. */
function listStacksOnHosts(stack: string): DependentStack[] {
  return [stack, ...listPlatformStacks(stack)].flatMap(listDependentStacks);
}

/** Shows what goes with local hosts, and asks. */
async function guardShutDown(stack: string, { software, print, yes, endRunning }: ShutDownOptions): Promise<void> {
  const config = readClusterConfig(stack);
  const indexes = findHostIndexes(stack);
  const stacks = listStacksOnHosts(stack);
  if (indexes.length === 0 && stacks.length === 0) return; // nothing would be removed
  const alive = listAliveHosts(stack);
  const isAwaited = !endRunning && isHostAlive(stack, controlPlaneIndex);
  const wait = isAwaited ? buildRemovalWait(print, `./mixcpt down ${stack} --end-running does not ask it`) : undefined;
  const { workloads, unavailable } = alive.includes(true)
    ? await surveyCluster(stack, { config, software, wait })
    : { workloads: [], unavailable: undefined };
  const nodes = indexes.map((index) => formatHostName(stack, index));
  const command = `down ${stack}`;
  for (const line of formatClusterRemoval(command, { kind: config.kind, nodes, stacks, workloads, unavailable }))
    print(line);
  const mayWork = mayHostsWork({ alive, wasUp: hasKubeconfig(stack) });
  refuseEndingHosts(command, { workloads, unavailable, mayWork, endRunning });
  await confirmRemoval({ command, yes });
}

/**
 * Shuts the local hosts of a stack down, after showing what goes with them and asking.
 * @returns the number of hosts
 * @throws Error for a cluster of another kind, and while unfinished work is on the hosts
 */
export async function shutDownLocalCluster(stack: string, options: ShutDownOptions): Promise<number> {
  refuseOtherKind(stack, readClusterConfig(stack));
  refuseOtherBackend(stack);
  refuseLockedStack(infraProject, stack);
  await guardShutDown(stack, options);
  return removeLocalCluster(stack);
}
