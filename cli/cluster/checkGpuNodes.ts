import { setTimeout as sleep } from "node:timers/promises";
import { getClusterHardware } from "../../infra/clusterHardware.ts";
import type { ClusterConfig, ForeignConfig } from "../../infra/clusterConfig.ts";
import { makesPlatform } from "../../infra/clusterConfig.ts";
import type { GpuNode, GpuNodeReport } from "../../infra/platform/gpuNodeComparison.ts";
import { compareGpuNodes, listGpuNodeLines } from "../../infra/platform/gpuNodeComparison.ts";
import { getClusterPods } from "../../infra/podConfig.ts";
import type { ApiConnection } from "../../plugins/kubernetes/apiConnection.ts";
import { connectToApiServer } from "../../plugins/kubernetes/apiConnection.ts";
import { formatErrorMessage } from "../explainError.ts";
import type { LinePrinter } from "../terminal/printLine.ts";
import { readGpuNodes } from "./installedPlatform.ts";

/** The longest wait for AMD's device plugin and node labeler, which start when `cluster up` ends. */
const labelTimeoutMs = 60_000;
const pollPauseMs = 2000;

function compareWithFile(nodes: readonly GpuNode[], config: ClusterConfig): GpuNodeReport {
  return compareGpuNodes(nodes, { hardware: getClusterHardware(config), pods: getClusterPods(config) });
}

/**
 * Compares the GPU nodes of a cluster with its file; undefined if its stack makes no queues for them, or the user may
 * not read them.
 * @throws ApiError or UnreachableError if the cluster cannot be asked
 */
async function fetchGpuNodeReport(
  connection: ApiConnection,
  config: ClusterConfig,
): Promise<GpuNodeReport | undefined> {
  const nodes = makesPlatform(config) ? await readGpuNodes(connection) : undefined;
  return nodes && compareWithFile(nodes, config);
}

/**
 * Compares the GPU nodes of a running cluster with its file, as `fetchGpuNodeReport` does.
 * @throws ApiError or UnreachableError if the cluster cannot be asked
 */
export async function examineGpuNodes(config: ClusterConfig, kubeconfig: string): Promise<GpuNodeReport | undefined> {
  return fetchGpuNodeReport(await connectToApiServer({ kubeconfig, context: undefined, cluster: undefined }), config);
}

/**
 * Reports why no work could ever run on the GPU nodes of an existing cluster, as far as it is known before
 * `cluster up`. Returns undefined while a node may fit once it is repaired, and where `cluster up` itself makes nodes
 * report devices, or none has any yet.
 */
export function findUnusableGpuNodes(nodes: readonly GpuNode[] = [], config: ForeignConfig): GpuNodeReport | undefined {
  if (("rocm" in config && config.rocm !== undefined) || Array.isArray(config.devices.emulated)) return undefined;
  const report = compareWithFile(nodes, config);
  return report.isUnusable ? report : undefined;
}

async function awaitGpuNodes(connection: ApiConnection, config: ClusterConfig): Promise<readonly string[]> {
  const isStarting = "rocm" in config && config.rocm !== undefined;
  const end = Date.now() + (isStarting ? labelTimeoutMs : 0);
  for (;;) {
    const report = await fetchGpuNodeReport(connection, config);
    if (report === undefined) return [];
    if (!report.isIncomplete || Date.now() >= end) return listGpuNodeLines(report);
    await sleep(pollPauseMs);
  }
}

interface UpdatedCluster {
  readonly config: ClusterConfig;
  readonly kubeconfig: string;
  readonly print: LinePrinter;
}

/** Warns after `cluster up` of GPU nodes that differ from the file, before any work waits for them. */
export async function warnOfGpuNodes(stack: string, { config, kubeconfig, print }: UpdatedCluster): Promise<void> {
  try {
    const connection = await connectToApiServer({ kubeconfig, context: undefined, cluster: undefined });
    const problems = await awaitGpuNodes(connection, config);
    for (const problem of problems) print(`  warning: ${problem}`);
    if (problems.length > 0) print(`  check again: ./mixcpt doctor (cluster ${stack})`);
  } catch (error) {
    print(`  warning: the GPU nodes could not be compared with the file: ${formatErrorMessage(error)}`);
  }
}
