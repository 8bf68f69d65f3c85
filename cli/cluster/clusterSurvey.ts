import { z } from "zod";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { computeQuestionSeconds } from "../../plugins/kubernetes/providerErrors.ts";
import type { Toolchain } from "../../workspace/toolchain.ts";
import { listActiveWorkloads } from "../kubernetes/activeWorkloads.ts";
import { explainClientError } from "../kubernetes/apiErrors.ts";
import type { KubectlOptions } from "../kubernetes/kubectl.ts";
import { fetchKubectlList } from "../kubernetes/kubectl.ts";
import { hasKubeconfig, readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import type { OutageWait } from "../kubernetes/probeApiServer.ts";
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
  /** How to wait for a server that restarts or is busy; absent to ask it once, for a cluster that may well be gone. */
  readonly wait?: OutageWait | undefined;
}

/** The longest silence of a cluster that is asked once, and of one that has just answered. */
const [hastyMilliseconds, patientMilliseconds] = [5000, 60_000];
/** Attempts of a question to a cluster that has just answered: what it does not tell keeps it from being removed. */
const surveyAttempts = 5;
const nodeListSchema = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });

async function listNodeNames(stack: string, options: KubectlOptions): Promise<string[]> {
  const { json } = await fetchKubectlList(stack, ["nodes"], options);
  const parsed = nodeListSchema.safeParse(json === undefined ? undefined : JSON.parse(json));
  return parsed.success ? parsed.data.items.map(({ metadata }) => metadata.name) : [];
}

/** Waits for the API server of a cluster; returns the reason, in one line, if it does not answer. */
async function awaitAnswer(stack: string, wait: OutageWait): Promise<string | undefined> {
  const kubeconfig = readClusterKubeconfig(stack);
  try {
    await probeApiServer(kubeconfig, wait);
    return undefined;
  } catch (error) {
    return explainClientError(stack, error, kubeconfig);
  }
}

/** Asks a cluster for its nodes and unfinished work. Never throws: what to do without an answer is the caller's. */
export async function surveyCluster(stack: string, { config, software, wait }: ClusterQuery): Promise<ClusterSurvey> {
  const silence = wait && hasKubeconfig(stack) ? await awaitAnswer(stack, wait) : undefined;
  if (silence !== undefined) return { nodes: [], workloads: [], unavailable: silence };
  const patience =
    wait === undefined
      ? { timeoutMilliseconds: hastyMilliseconds }
      : { timeoutMilliseconds: patientMilliseconds, attempts: surveyAttempts };
  const options: KubectlOptions = { programs: software.programs, ...patience };
  const [nodes, { unavailable, workloads = [] }] = await Promise.all([
    listNodeNames(stack, options),
    listActiveWorkloads(stack, config, options),
  ]);
  return { nodes, workloads, unavailable };
}

/**
 * How a command that removes a cluster waits for its answer: no longer than for a server that restarts or is busy, and
 * with the way to do without.
 */
export function buildRemovalWait(print: LinePrinter, wayWithout: string): OutageWait {
  return { print: (line) => print(`${line}; ${wayWithout}`), computeLongest: computeQuestionSeconds };
}

/**
 * Waits while the API server of a cluster restarts, so that the questions that follow get their answers. Never throws:
 * they say why there is none.
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
