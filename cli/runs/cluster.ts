import { setTimeout as sleep } from "node:timers/promises";
import { BatchV1Api, CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import { platform } from "../../jobs/kube/platform.ts";
import { readKubeconfig } from "../cluster/cluster.ts";
import { clusterOf } from "../cluster/experiments.ts";
import { clusterReader, objectReader } from "../watch/cluster.ts";
import { kubectlOn } from "../watch/kubectl.ts";
import type { Snapshot } from "../watch/snapshot.ts";
import type { FailedRun, RunKind } from "./failed.ts";

const { namespace } = platform;
const patienceMilliseconds = 120_000;

/**
 * What runs on the cluster of a stack; with logs, the last lines of pods that run or have failed.
 * @throws Error where the cluster is not there or does not answer
 */
export async function readRuns(stack: string, { logs }: { logs: boolean }): Promise<Snapshot> {
  const cluster = clusterOf(stack);
  const where = { kubeconfig: readKubeconfig(cluster), namespace };
  try {
    return await (logs ? clusterReader(where) : objectReader(where))();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`cluster "${cluster}" does not answer (${why}): ./mixcpt doctor says what is there`, { cause: error });
  }
}

const custom: Record<Exclude<RunKind, "job">, { group: string; version: string; plural: string }> = {
  trainjob: { group: "trainer.kubeflow.org", version: "v1alpha1", plural: "trainjobs" },
  jobset: { group: "jobset.x-k8s.io", version: "v1alpha2", plural: "jobsets" },
};

interface Objects {
  remove: (name: string) => Promise<unknown>;
  read: (name: string) => Promise<unknown>;
}

function objectsOf(stack: string, kind: RunKind): Objects {
  const config = new KubeConfig();
  config.loadFromString(readKubeconfig(clusterOf(stack)));
  const propagationPolicy = "Foreground"; // its pods end before it is gone
  if (kind === "job") {
    const batch = config.makeApiClient(BatchV1Api);
    return { remove: (name) => batch.deleteNamespacedJob({ namespace, name, propagationPolicy }), read: (name) => batch.readNamespacedJob({ namespace, name }) };
  }
  const api = config.makeApiClient(CustomObjectsApi);
  const at = (name: string) => ({ ...custom[kind], namespace, name });
  return { remove: (name) => api.deleteNamespacedCustomObject({ ...at(name), propagationPolicy }), read: (name) => api.getNamespacedCustomObject(at(name)) };
}

const isNotFound = (error: unknown): boolean => error instanceof Object && "code" in error && error.code === 404;

/**
 * Deletes a run with everything that controllers made of it, and returns when all of it is gone; what it wrote to the
 * store stays. @throws Error where it is still there after two minutes
 */
export async function deleteRun(stack: string, { kind, name }: Pick<FailedRun, "kind" | "name">): Promise<void> {
  const { remove, read } = objectsOf(stack, kind);
  const orGone = (error: unknown): "gone" => {
    if (isNotFound(error)) return "gone";
    throw error;
  };
  await remove(name).catch(orGone);
  for (const end = Date.now() + patienceMilliseconds; Date.now() < end; await sleep(500)) {
    if ((await read(name).catch(orGone)) === "gone") return;
  }
  throw new Error(`${kind} ${name} is still being deleted after two minutes: ${kubectlOn(clusterOf(stack))} describe ${kind} ${name}`);
}
