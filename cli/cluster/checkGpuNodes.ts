import { setTimeout as sleep } from "node:timers/promises";
import { getClusterHardware } from "../../infra/clusterHardware.ts";
import type { ClusterConfig, ExistingConfig } from "../../infra/clusterConfig.ts";
import type { GpuNode } from "../../infra/platform/gpuNodeComparison.ts";
import { compareGpuNodes } from "../../infra/platform/gpuNodeComparison.ts";
import { listRoomProblems } from "../../infra/platform/gpuNodeRoom.ts";
import { getClusterPods } from "../../infra/podConfig.ts";
import type { ApiConnection } from "../../plugins/kubernetes/apiConnection.ts";
import { connectToApiServer } from "../../plugins/kubernetes/apiConnection.ts";
import { formatErrorMessage } from "../explainError.ts";
import type { LinePrinter } from "../terminal/printLine.ts";
import { readGpuNodes } from "./installedPlatform.ts";

/** The longest wait for AMD's device plugin and node labeler, which start when `cluster up` ends. */
const labelTimeoutMs = 60_000;
const pollPauseMs = 2000;

/** True if the stack of a cluster makes the queues for its GPUs. */
function hasGpuQueues(config: ClusterConfig): boolean {
  return config.kind === "existing" || config.platform === "here";
}

/**
 * Lists what about the GPU nodes of a cluster differs from its file; undefined if its stack makes no queues for them,
 * or the user may not read them.
 * @throws ApiError or UnreachableError if the cluster cannot be asked
 */
async function findGpuNodeProblems(
  connection: ApiConnection,
  config: ClusterConfig,
): Promise<readonly string[] | undefined> {
  const nodes = hasGpuQueues(config) ? await readGpuNodes(connection) : undefined;
  if (nodes === undefined) return undefined;
  const hardware = getClusterHardware(config);
  const { problems } = compareGpuNodes(nodes, hardware);
  return problems.length > 0 ? problems : listRoomProblems(nodes, hardware, getClusterPods(config));
}

/**
 * Compares the GPU nodes of a running cluster with its file, as `findGpuNodeProblems` does.
 * @throws ApiError or UnreachableError if the cluster cannot be asked
 */
export async function examineGpuNodes(
  config: ClusterConfig,
  kubeconfig: string,
): Promise<readonly string[] | undefined> {
  return findGpuNodeProblems(await connectToApiServer({ kubeconfig, context: undefined, cluster: undefined }), config);
}

/**
 * Lists why no work could run on the GPU nodes of an existing cluster, as far as they are known before `cluster up`:
 * none while some node fits, and where `cluster up` itself makes nodes report devices, or none has any yet.
 */
export function listGpuNodeRefusals(nodes: readonly GpuNode[] = [], config: ExistingConfig): readonly string[] {
  if (config.rocm !== undefined || Array.isArray(config.devices.emulated) || nodes.length === 0) return [];
  const { fitting, problems } = compareGpuNodes(nodes, getClusterHardware(config));
  return fitting > 0 ? [] : problems;
}

async function awaitGpuNodes(connection: ApiConnection, config: ClusterConfig): Promise<readonly string[]> {
  const isStarting = config.kind !== "local" && config.rocm !== undefined;
  const end = Date.now() + (isStarting ? labelTimeoutMs : 0);
  for (;;) {
    const problems = (await findGpuNodeProblems(connection, config)) ?? [];
    if (problems.length === 0 || Date.now() >= end) return problems;
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
