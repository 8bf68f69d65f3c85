import { infraProject } from "../../jobs/kube/clusterIdentity.ts";
import { listDeviceIds } from "../../jobs/kube/clusterOutputs.ts";
import type { NodePair, PreflightContext, TargetResult } from "../../jobs/preflight/index.ts";
import {
  buildNodeJob,
  buildPairJobSet,
  findWorstStatus,
  formatKeptResults,
  listFailedNodes,
  listStaleKeys,
  excuseSharedStore,
  markSlowPairs,
  parseKeptResults,
  recordStoreWriters,
  resultsConfigMap,
  selectEarlierNodes,
} from "../../jobs/preflight/index.ts";
import { parseClusterOutputs } from "../../stacks/clusterConnection.ts";
import { connectClients } from "../cluster/connectClients.ts";
import { readClusterConfig } from "../cluster/readClusterConfig.ts";
import { readRecordedOutputs } from "../engine/recordedOutputs.ts";
import type { ApiClients } from "../kubernetes/apiClients.ts";
import { explainClientError } from "../kubernetes/apiErrors.ts";
import { mergeConfigMapData, readConfigMapData } from "../kubernetes/configMapData.ts";
import { readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { outlastOutage } from "../kubernetes/outlastOutage.ts";
import { listPreflightNodes, setQuarantine } from "../kubernetes/preflightClient.ts";
import type { PreflightNode } from "../kubernetes/preflightObjects.ts";
import { formatCount } from "../terminal/formatList.ts";
import type { LinePrinter } from "../terminal/printLine.ts";
import { selectCheckpointSample } from "./checkpointSample.ts";
import type { PreflightOutcome } from "./preflightDocument.ts";
import type { PreflightTarget } from "./preflightTarget.ts";
import type { TargetRun } from "./runTargets.ts";
import { markTestedNodes } from "./markTestedNodes.ts";
import { runTargets } from "./runTargets.ts";
import { selectPresentNodes } from "./presentNodes.ts";
import { describeExcludedNodes, selectNodes } from "./selectNodes.ts";
import { explainMissingPairs, selectPairs } from "./selectPairs.ts";

export interface PreflightRequest {
  /** A stack of infra/. */
  readonly cluster: string;
  /** Nodes to test; all with devices if undefined. */
  readonly nodes: readonly string[] | undefined;
  readonly allPairs: boolean;
  readonly waitMinutes: number;
  readonly signal: AbortSignal;
  readonly print: LinePrinter;
}

function listTargets(context: PreflightContext, nodes: readonly string[]): PreflightTarget[] {
  return nodes.map((node, index) => ({ nodes: [node], manifest: buildNodeJob(context, node, index) }));
}

function listPairTargets(context: PreflightContext, pairs: readonly NodePair[]): PreflightTarget[] {
  return pairs.map((pair, index) => ({ nodes: pair, manifest: buildPairJobSet(context, pair, index) }));
}

async function quarantineFailedNodes(
  clients: ApiClients,
  cluster: string,
  results: readonly TargetResult[],
): Promise<string[]> {
  const config = readClusterConfig(cluster);
  if (config.kind === "tenant" || config.preflight?.cordon !== true) return [];
  const failed = listFailedNodes(results);
  for (const node of failed) await setQuarantine(clients, node, "preflight");
  return failed;
}

/**
 * Keeps the results of this call beside earlier ones, except those of nodes that the cluster no longer has.
 * @returns the earlier results of nodes that were not tested now
 */
async function keepResults(
  clients: ApiClients,
  results: readonly TargetResult[],
  { namespace, nodes }: { readonly namespace: string; readonly nodes: readonly PreflightNode[] },
): Promise<TargetResult[]> {
  const reference = { namespace, name: resultsConfigMap };
  const names = nodes.map(({ name }) => name);
  const kept = await readConfigMapData(clients, reference);
  const stale = listStaleKeys(kept, names);
  const removed = Object.fromEntries(stale.map((key) => [key, null]));
  await mergeConfigMapData(clients, reference, { ...removed, ...formatKeptResults(results.filter(isTested)) });
  return selectEarlierNodes(parseKeptResults(kept), { tested: results, names });
}

function isTested({ checks }: TargetResult): boolean {
  return findWorstStatus(checks) !== "skipped";
}

/** Repeats what follows the tests while the server fails: it is safe to repeat, and the results must not be lost. */
function repeatSafely<Value>(send: () => Promise<Value>, signal: AbortSignal): Promise<Value> {
  const sendUnlessAborted = () => {
    signal.throwIfAborted();
    return send();
  };
  return outlastOutage(sendUnlessAborted, { pauseMilliseconds: 2000, signal });
}

/** Tests nodes, then pairs of them, and keeps the results in the cluster. */
async function testNodes(
  clients: ApiClients,
  { cluster, nodes: wanted, allPairs, waitMinutes, signal, print }: PreflightRequest,
): Promise<Pick<PreflightOutcome, "results" | "earlier">> {
  const outputs = parseClusterOutputs(cluster, await readRecordedOutputs(infraProject, cluster));
  const existing = await listPreflightNodes(clients);
  const demand = { deviceIds: listDeviceIds(outputs.hardware), pods: outputs.pods };
  const nodes = selectNodes(existing, wanted, demand);
  const pairs = selectPairs(nodes, { pods: outputs.pods, allPairs });
  const id = Date.now().toString(36);
  const context: PreflightContext = { cluster: outputs, id, store: selectCheckpointSample(cluster) };
  const { namespace, images } = outputs;
  const patience = waitMinutes * 60_000;
  const run: TargetRun = { clients, namespace, id, image: images.llamaFactory, patience, signal, print };
  print(`preflight ${cluster}: ${formatCount(nodes.length, "node")}, then ${formatCount(pairs.length, "pair")}`);
  const excluded = wanted === undefined ? describeExcludedNodes(existing, demand) : [];
  for (const line of excluded) print(`  leaves out ${line}`);
  for (const line of explainMissingPairs(outputs.pods)) print(`  ${line}`);
  const nodeResults = excuseSharedStore(recordStoreWriters(await runTargets(run, listTargets(context, nodes))));
  const pairResults = await runTargets(run, listPairTargets(context, pairs));
  const results = [...nodeResults, ...markSlowPairs(pairResults)];
  const keep = () => keepResults(clients, results, { namespace, nodes: existing });
  return { results, earlier: await repeatSafely(keep, signal) };
}

/** @throws Error if the cluster cannot be read or changed; AbortError if the signal ends the tests */
export async function runPreflight(request: PreflightRequest): Promise<PreflightOutcome> {
  const { cluster, signal } = request;
  const clients = await connectClients(cluster);
  try {
    const { results, earlier } = await testNodes(clients, request);
    const present = await repeatSafely(() => selectPresentNodes(clients, results), signal);
    const cordoned = await repeatSafely(() => quarantineFailedNodes(clients, cluster, present), signal);
    const marked = await repeatSafely(() => markTestedNodes(clients, cluster, present), signal);
    return { cluster, results, earlier, cordoned, ...marked };
  } catch (error) {
    if (signal.aborted || !(error instanceof Object && "code" in error)) throw error;
    throw new Error(explainClientError(cluster, error, readClusterKubeconfig(cluster)), { cause: error });
  }
}

/** Releases the nodes that `preflight` put into quarantine, and no node that an operator did. */
export async function releaseFailedNodes(cluster: string, print: LinePrinter): Promise<void> {
  const clients = await connectClients(cluster);
  const nodes = (await listPreflightNodes(clients)).filter(({ quarantine }) => quarantine === "preflight");
  for (const { name } of nodes) {
    await setQuarantine(clients, name);
    print(`  released ${name}`);
  }
  print(`preflight ${cluster}: ${formatCount(nodes.length, "node")} released`);
}
