import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { formatErrorMessage } from "../explainError.ts";
import { explainClientError } from "../kubernetes/apiErrors.ts";
import { readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { listTaintableNodes, setQuarantine } from "../kubernetes/preflightClient.ts";
import { fetchClosedNodes } from "../preflight/closedNodes.ts";
import { describeClosedNodes } from "../preflight/describeClosedNodes.ts";
import type { LinePrinter } from "../terminal/printLine.ts";
import { connectClients } from "./connectClients.ts";
import type { QuarantineVerb } from "./quarantineRules.ts";
import { listTolerantPods, refuseForeignNodes, refuseUnknownNodes } from "./quarantineRules.ts";
import { readClusterConfig } from "./readClusterConfig.ts";

interface NodesChange {
  readonly cluster: string;
  readonly verb: QuarantineVerb;
  readonly nodes: readonly string[];
}

const nodeMessages: Readonly<Record<QuarantineVerb, string>> = {
  quarantine: "in quarantine; no new work starts there, and what runs there continues",
  release: "released; new work may start there",
};

/** Prints each node once it is changed, so that a failure shows which ones are left. */
async function taintNodes({ cluster, verb, nodes }: NodesChange, print: LinePrinter): Promise<void> {
  const clients = await connectClients(cluster);
  const known = (await listTaintableNodes(clients)).map(({ name }) => name);
  refuseUnknownNodes({ cluster, verb, nodes }, known);
  for (const node of nodes) {
    await setQuarantine(clients, node, verb === "quarantine" ? "operator" : undefined);
    print(`${node}: ${nodeMessages[verb]}`);
  }
}

/** A release does not replace the preflight that the cluster's file requires. It has succeeded: this throws nothing. */
async function printClosedNodes(
  { cluster, nodes, config }: NodesChange & { readonly config: ClusterConfig },
  print: LinePrinter,
): Promise<void> {
  try {
    const closed = await fetchClosedNodes({ config, kubeconfig: readClusterKubeconfig(cluster) });
    const released = closed.filter(({ name }) => nodes.includes(name));
    for (const line of describeClosedNodes(cluster, released)) print(`  ${line}`);
  } catch (error) {
    print(`  warning: whether they wait for preflight is not known: ${formatErrorMessage(error)}`);
  }
}

/**
 * Keeps new work from nodes, or lets it in again.
 * @throws Error if nothing may be changed there, a node is unknown, or the cluster cannot be asked
 */
export async function changeQuarantine(change: NodesChange, print: LinePrinter): Promise<void> {
  const { cluster, verb, nodes } = change;
  const config = readClusterConfig(cluster);
  refuseForeignNodes(config, change);
  try {
    await taintNodes(change, print);
  } catch (error) {
    if (!(error instanceof Object && "code" in error)) throw error;
    throw new Error(explainClientError(cluster, error, readClusterKubeconfig(cluster)), { cause: error });
  }
  if (verb === "release") return printClosedNodes({ ...change, config }, print);
  for (const line of listTolerantPods(config)) print(`  warning: ${line}`);
  print(`  once it is repaired: ./mixcpt preflight ${cluster} --nodes ${nodes.join(",")}`);
  print(`  then: ./mixcpt cluster release ${cluster} ${nodes.join(" ")}`);
}
