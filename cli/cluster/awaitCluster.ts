import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { isForeignCluster } from "../../infra/clusterConfig.ts";
import type { ApiConnection } from "../../plugins/kubernetes/apiConnection.ts";
import { connectToApiServer } from "../../plugins/kubernetes/apiConnection.ts";
import { explainClientError } from "../kubernetes/apiErrors.ts";
import { awaitReadyServer, readPatiently } from "../kubernetes/probeApiServer.ts";
import type { LinePrinter } from "../terminal/printLine.ts";
import { listDeclaredNodes } from "./clusterNodes.ts";
import { judgeNodes } from "./nodeReadiness.ts";
import type { NodeReadiness } from "./nodeReadiness.ts";

/** The longest wait for nodes that have just joined: their kubelets report in less than half of it. */
const nodeTimeoutMs = 60_000;
const pollPauseMs = 2000;

/** The nodes that a cluster has by its configuration; undefined if others manage them. */
function listExpectedNodes(stack: string, config: ClusterConfig): string[] | undefined {
  return isForeignCluster(config) ? undefined : listDeclaredNodes(stack, config).map(({ name }) => name);
}

interface NodeWait {
  readonly expectedNames: readonly string[];
  readonly print: LinePrinter;
}

/** Waits until the nodes are Ready or known not to become so. */
async function awaitNodes(connection: ApiConnection, { expectedNames, print }: NodeWait): Promise<NodeReadiness> {
  const end = Date.now() + nodeTimeoutMs;
  for (;;) {
    const readiness = judgeNodes(await readPatiently(connection, "/api/v1/nodes", { print }), expectedNames);
    if (!readiness.isChanging || Date.now() >= end) return readiness;
    await sleep(pollPauseMs);
  }
}

interface ClusterQuestion {
  /** Undefined if the cluster's nodes are managed elsewhere: then only the API server is asked. */
  readonly expectedNames: readonly string[] | undefined;
  readonly print: LinePrinter;
}

/**
 * Asks the API server whether it is ready, then for its nodes, and prints those that are not Ready.
 * @throws Error with the reason why the cluster cannot be used
 */
async function requireUsableCluster(
  connection: ApiConnection,
  { expectedNames, print }: ClusterQuestion,
): Promise<void> {
  await awaitReadyServer(connection, { print });
  if (expectedNames === undefined) return;
  const { ready, problems } = await awaitNodes(connection, { expectedNames, print });
  if (ready.length === 0) throw new NoReadyNodeError(["none of its nodes is Ready", ...problems].join("\n  "));
  for (const problem of problems) print(`  warning: ${problem}`);
}

/** The API server answers, but nothing can run on the cluster. */
class NoReadyNodeError extends Error {}

/**
 * Asks a cluster after its `cluster up` whether it can be used: the engine knows what it did, not what became of it.
 * @throws Error with the reason why it cannot
 */
export async function awaitCluster(
  stack: string,
  { config, kubeconfig, print }: { config: ClusterConfig; kubeconfig: string; print: LinePrinter },
): Promise<void> {
  try {
    const connection = await connectToApiServer({ kubeconfig, context: undefined, cluster: undefined });
    await requireUsableCluster(connection, { expectedNames: listExpectedNodes(stack, config), print });
  } catch (error) {
    const reason = error instanceof NoReadyNodeError ? error.message : explainClientError(stack, error, kubeconfig);
    throw new Error(`cluster "${stack}" is not up, although its resources exist: ${reason}`, { cause: error });
  }
}
