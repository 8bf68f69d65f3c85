import { randomUUID } from "node:crypto";
import { z } from "zod";
import { quoteForShell } from "../../infra/cluster/hostScripts.ts";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { getStore } from "../../infra/provisionCluster.ts";
import type { ClusterOutputs } from "../../jobs/kube/clusterOutputs.ts";
import { buildIdentityJob, identityJobSelector } from "../../jobs/kube/identityJob.ts";
import { storeIdentityMap } from "../../jobs/kube/storeIdentity.ts";
import { formatErrorMessage } from "../explainError.ts";
import { deleteAbandonedJobs } from "../kubernetes/abandonedJobs.ts";
import type { ApiClients } from "../kubernetes/apiClients.ts";
import { createApiClients } from "../kubernetes/apiClients.ts";
import { explainClientError, isForbidden } from "../kubernetes/apiErrors.ts";
import { runJob } from "../kubernetes/followJob.ts";
import { mergeConfigMapData, readConfigMapData } from "../kubernetes/configMapData.ts";
import { getLastLine } from "../terminal/getLastLine.ts";
import type { LinePrinter } from "../terminal/printLine.ts";
import { judgeNodes } from "./nodeReadiness.ts";

/** What the pod of the Job prints (images/base, store_program.py). */
const identitySchema = z.object({ id: z.string().min(1), node: z.string() });

/** The store as the cluster's file has it: another one has another id. */
function describeStore(config: ClusterConfig): string {
  if (config.kind === "tenant") return `claim ${config.claim}`;
  const store = getStore(config);
  return store.kind === "path" ? `path ${store.path}` : `storageClass ${store.name}`;
}

/**
 * A node that has room takes the pod within seconds. On a cluster without nodes none does, and a Kueue that manages all
 * Jobs may suspend this one without an end. From then on the Job has a limit of its own. Until a controller has seen
 * it, `runJob` waits for two minutes.
 */
const patienceMilliseconds = 20_000;

/** A call that is interrupted meanwhile leaves its Job, which the next one deletes: nobody else looks for it. */
const abandonedMilliseconds = 600_000;

interface IdentifiedCluster {
  readonly config: ClusterConfig;
  readonly outputs: Pick<ClusterOutputs, "namespace" | "images" | "store" | "hardware" | "pods">;
  readonly kubeconfig: string;
  readonly print: LinePrinter;
  readonly pollMilliseconds?: number;
  readonly patienceMilliseconds?: number;
}

/**
 * Whoever may not list nodes finds out by the pod.
 * @throws Error if nothing can run on the cluster
 */
async function requireReadyNode({ core }: ApiClients): Promise<void> {
  const nodes = await core.listNode().catch(() => undefined);
  if (nodes !== undefined && judgeNodes(nodes, []).ready.length === 0) throw new Error("no node is Ready");
}

interface StoreRecord {
  readonly id: string | null;
  readonly store: string | null;
}

/** Writes what the cluster knows of its store; false if the user has no right to. */
async function writeRecord(clients: ApiClients, namespace: string, record: StoreRecord): Promise<boolean> {
  try {
    await mergeConfigMapData(clients, { namespace, name: storeIdentityMap }, { ...record });
    return true;
  } catch (error) {
    if (isForbidden(error)) return false;
    throw error;
  }
}

/** What pods do while the cluster does not know the id of the store. */
function describeComparison({ id, store }: Readonly<Record<string, string>>): string {
  if (id === undefined) return "but pods do not look for it";
  return `but pods look for that of ${store ?? "another store"}, ${id}, and end on every node`;
}

/** The command for an administrator, which makes the ConfigMap or changes the one that exists. */
function formatRecordCommand(
  namespace: string,
  { id, store }: { readonly id: string; readonly store: string },
): string {
  const values = [`id=${id}`, `store=${store}`].map((value) => `--from-literal=${quoteForShell(value)}`).join(" ");
  return (
    `kubectl --namespace ${namespace} create configmap ${storeIdentityMap} ${values} ` +
    "--dry-run=client --output yaml | kubectl apply --filename -"
  );
}

async function recordIdentity({ config, outputs, kubeconfig, ...run }: IdentifiedCluster): Promise<void> {
  const clients = createApiClients(kubeconfig);
  const { namespace } = outputs;
  const store = describeStore(config);
  const former = { namespace, selector: identityJobSelector, milliseconds: abandonedMilliseconds };
  for (const name of await deleteAbandonedJobs(clients, former))
    run.print(`  deleted Job ${name}, which an interrupted call left suspended`);
  const known = await readConfigMapData(clients, { namespace, name: storeIdentityMap });
  if (known["id"] !== undefined && (known["store"] ?? store) === store) return;
  // Until another one is known, pods would miss the former store on every node.
  const isForgotten = known["id"] === undefined || (await writeRecord(clients, namespace, { id: null, store: null }));
  await requireReadyNode(clients);
  const manifest = buildIdentityJob(outputs, randomUUID().slice(0, 8));
  const log = await runJob({ patienceMilliseconds, ...run, clients, manifest });
  const { id, node } = identitySchema.parse(JSON.parse(getLastLine(log)));
  const isWritten = await writeRecord(clients, namespace, { id, store });
  run.print(
    `  store: ${store} has the id ${id} on node ${node}` +
      (isWritten
        ? "; from now on pods end on nodes without it"
        : `, ${describeComparison(isForgotten ? {} : known)}: you may not write ConfigMaps in namespace ${namespace}`),
  );
  if (!isWritten) run.print(`  ask an administrator to run: ${formatRecordCommand(namespace, { id, store })}`);
}

function explainFailure(stack: string, error: unknown): string {
  return error instanceof Object && "code" in error ? explainClientError(stack, error) : formatErrorMessage(error);
}

/**
 * Tells a cluster the id of its store, which gets one if it has none, unless the cluster knows it. An id that is known
 * is never replaced by that of an empty folder: only the store of another line of the file has another id.
 */
export async function identifyStore(stack: string, cluster: IdentifiedCluster): Promise<void> {
  try {
    await recordIdentity(cluster);
  } catch (error) {
    cluster.print(`  warning: pods do not compare the store of their node: ${explainFailure(stack, error)}`);
    cluster.print(`  try again: ./mixcpt cluster up ${stack}`);
  }
}
