import { z } from "zod";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import type { Toolchain } from "../../workspace/toolchain.ts";
import { listActiveWorkloads } from "../kubernetes/activeWorkloads.ts";
import { fetchKubectlList } from "../kubernetes/kubectl.ts";
import { hasKubeconfig, readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { probeApiServer } from "../kubernetes/probeApiServer.ts";
import type { LinePrinter } from "../terminal/printLine.ts";
import type { ActiveWorkload } from "../kubernetes/workloadList.ts";

/** The nodes and the unfinished work of a cluster, as far as it answers. */
export interface ClusterSurvey {
  readonly nodes: readonly string[];
  /** Unfinished work of anybody; empty if unknown. */
  readonly workloads: readonly ActiveWorkload[];
  /** The reason, in one line, why the work is unknown; undefined if it is known. */
  readonly unavailable: string | undefined;
}

interface ClusterQuery {
  readonly config: ClusterConfig;
  readonly software: Pick<Toolchain, "programs">;
}

const nodeQueryTimeoutMilliseconds = 5000;
const nodeListSchema = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });

async function listNodeNames(stack: string, { programs }: Pick<Toolchain, "programs">): Promise<string[]> {
  const { json } = await fetchKubectlList(stack, ["nodes"], {
    timeoutMilliseconds: nodeQueryTimeoutMilliseconds,
    programs,
  });
  const parsed = nodeListSchema.safeParse(json === undefined ? undefined : JSON.parse(json));
  return parsed.success ? parsed.data.items.map(({ metadata }) => metadata.name) : [];
}

/** Asks a cluster for its nodes and unfinished work. Never throws: what to do without an answer is the caller's. */
export async function surveyCluster(stack: string, query: ClusterQuery): Promise<ClusterSurvey> {
  const [nodes, { unavailable, workloads = [] }] = await Promise.all([
    listNodeNames(stack, query.software),
    listActiveWorkloads(stack, query),
  ]);
  return { nodes, workloads, unavailable };
}

/**
 * Waits while the API server of a cluster restarts, so that the survey that follows gets its answer. Never throws: the
 * survey says why there is none.
 */
export async function outlastRestart(stack: string, print: LinePrinter): Promise<void> {
  if (hasKubeconfig(stack)) await probeApiServer(readClusterKubeconfig(stack), { print }).catch(() => undefined);
}

interface LocalTraces {
  /** For each local host with traces, true if its systemd runs. */
  readonly alive: readonly boolean[];
  /** False if the API server never started: nothing can have been submitted. */
  readonly wasUp: boolean;
}

/** True if work may run on local hosts, even if their API server does not answer. */
export function mayHostsWork({ alive, wasUp }: LocalTraces): boolean {
  return wasUp && alive.includes(true);
}
