import { setTimeout as sleep } from "node:timers/promises";
import pMap from "p-map";
import { connectToApiServer } from "../../../plugins/kubernetes/apiConnection.ts";
import type { ApiConnection } from "../../../plugins/kubernetes/apiConnection.ts";
import { readClusterKubeconfig } from "../../kubernetes/kubeconfigFile.ts";
import { awaitReadyServer } from "../../kubernetes/probeApiServer.ts";
import type { LinePrinter } from "../../terminal/printLine.ts";
import type { ClusterVersions, NodeVersion } from "./clusterVersions.ts";
import { fetchClusterVersions } from "./clusterVersions.ts";
import { machinesAtOnce } from "./machinesAtOnce.ts";
import { fetchNodeRenewals } from "./nodeRenewals.ts";
import type { UpgradeHost } from "./upgradeHosts.ts";
import { formatLogin, runOnUpgradeHost } from "./upgradeHosts.ts";

const registrationMs = 180_000;

interface ReturnedCluster {
  readonly stack: string;
  /** The nodes of the stack but those that are left out. */
  readonly hosts: readonly UpgradeHost[];
  /** Those that went back. */
  readonly undone: readonly string[];
  readonly print: LinePrinter;
}

async function restartKubelet(host: UpgradeHost, print: LinePrinter): Promise<void> {
  print(`  ${host.name}: joined after the snapshot; its kubelet starts again and registers it`);
  try {
    await runOnUpgradeHost(host, { script: "restart-kubelet.sh", print });
  } catch (error) {
    print(`  ${(error as Error).message}; run: ${formatLogin(host)} systemctl restart kubelet`);
  }
}

/** Lets machines register again of which the snapshot knows nothing: a kubelet does so only when it starts. */
async function registerNewcomers(connection: ApiConnection, { hosts, print }: ReturnedCluster): Promise<UpgradeHost[]> {
  const { nodes } = await fetchClusterVersions(connection, print);
  const newcomers = hosts.filter(({ name }) => !nodes.some((node) => node.name === name));
  await pMap(newcomers, (host) => restartKubelet(host, print), { concurrency: machinesAtOnce });
  return newcomers;
}

interface AwaitedNodes {
  readonly undone: readonly string[];
  readonly newcomers: readonly UpgradeHost[];
  /** True if the kubelet of a node has said that it runs: what a node was is in the snapshot, too. */
  readonly hasReported: (name: string) => boolean;
}

/** Says what a node does not have again; undefined if it lacks nothing. */
function explainNode(
  { name, kubelet, isReady }: NodeVersion,
  { recorded }: ClusterVersions,
  { hasReported }: AwaitedNodes,
): string | undefined {
  if (!hasReported(name)) return `${name} (its kubelet does not report)`;
  if (kubelet === recorded && isReady) return undefined;
  return `${name} (${kubelet}${isReady ? "" : ", not Ready"})`;
}

/** Lists what does not have the cluster's version again, or is no node yet, each with what it is. */
function listMissing(versions: ClusterVersions, awaited: AwaitedNodes): string[] {
  const { nodes } = versions;
  const unknown = awaited.newcomers.filter(({ name }) => !nodes.some((node) => node.name === name));
  return [
    ...nodes
      .filter(({ name }) => awaited.undone.includes(name))
      .flatMap((node) => explainNode(node, versions, awaited) ?? []),
    ...unknown.map((host) => `${host.name} (has not registered; ${formatLogin(host)} systemctl restart kubelet)`),
  ];
}

/** Names newcomers whose kubelet is newer than the API server, which Kubernetes does not support. */
function formatNewerNodes(stack: string, { nodes, recorded }: ClusterVersions, names: readonly string[]): string[] {
  const newer = nodes.filter(({ name, kubelet }) => names.includes(name) && kubelet !== recorded);
  return newer.map(
    ({ name, kubelet }) =>
      `  ${name} joined after the snapshot and has ${kubelet}: with the earlier commit remove its line, run ` +
      `./mixcpt cluster up ${stack}, and add it again`,
  );
}

/**
 * Waits until the cluster says that the machines have the version that it had, and that it knows those that joined
 * after the snapshot.
 * @returns that version
 */
export async function awaitEarlierVersion(cluster: ReturnedCluster): Promise<string> {
  const { stack, undone, print } = cluster;
  const kubeconfig = readClusterKubeconfig(stack);
  const connection = await connectToApiServer({ kubeconfig, context: undefined, cluster: undefined });
  await awaitReadyServer(connection, { print });
  const renewals = await fetchNodeRenewals(connection, print);
  const newcomers = await registerNewcomers(connection, cluster);
  const end = Date.now() + registrationMs;
  for (;;) {
    const latest = await fetchNodeRenewals(connection, print);
    const versions = await fetchClusterVersions(connection, print);
    const hasReported = (name: string) => latest.get(name) !== renewals.get(name);
    const missing = listMissing(versions, { undone, newcomers, hasReported });
    if (missing.length === 0) {
      const names = newcomers.map(({ name }) => name);
      for (const line of formatNewerNodes(stack, versions, names)) print(line);
      return versions.recorded;
    }
    if (Date.now() > end)
      throw new Error(
        `cluster ${stack} has ${versions.recorded} again, but these nodes not within 180 s: ${missing.join(", ")}; ` +
          "journalctl --unit kubelet says why there",
      );
    await sleep(2000);
  }
}
