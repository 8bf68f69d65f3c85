import type { ApiServer } from "./apiServer.ts";

/** The parts of a pod that a kubelet reads. */
export interface RunnablePod {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly nodeName?: string; readonly containers: readonly { readonly name: string }[] };
  readonly status?: { readonly phase?: string };
}

const podsPath = "/api/v1/namespaces/mixcpt/pods";

export async function listPods(api: ApiServer): Promise<RunnablePod[]> {
  const { body } = await api.call("GET", podsPath);
  return (body["items"] ?? []) as RunnablePod[];
}

/** True while a kubelet would run the pod. */
export function isRunning({ status }: RunnablePod): boolean {
  return status?.phase === "Running";
}

/** Reports the state of a pod's containers, as its kubelet would; a pod that is gone is left alone. */
async function reportPhase(
  api: ApiServer,
  { metadata, spec }: RunnablePod,
  { phase, state }: { phase: string; state: object },
): Promise<void> {
  const containerStatuses = spec.containers.map(({ name }) => ({
    name,
    state,
    image: "none",
    imageID: "",
    ready: phase === "Running",
    restartCount: 0,
  }));
  const { status, body } = await api.call("PATCH", `${podsPath}/${metadata.name}/status`, {
    status: { phase, containerStatuses, ...(phase === "Running" && { startTime: new Date().toISOString() }) },
  });
  if (status !== 200 && status !== 404) throw new Error(`${metadata.name}: ${JSON.stringify(body)}`);
}

export function startPod(api: ApiServer, pod: RunnablePod): Promise<void> {
  return reportPhase(api, pod, { phase: "Running", state: { running: { startedAt: new Date().toISOString() } } });
}

export function endPod(api: ApiServer, pod: RunnablePod, exitCode: number): Promise<void> {
  const now = new Date().toISOString();
  const terminated = { exitCode, startedAt: now, finishedAt: now, reason: exitCode === 0 ? "Completed" : "Error" };
  return reportPhase(api, pod, { phase: exitCode === 0 ? "Succeeded" : "Failed", state: { terminated } });
}

/** Ends a pod that somebody deletes, and confirms that it has ended. */
export async function completeDeletion(api: ApiServer, pod: RunnablePod): Promise<void> {
  const { phase } = pod.status ?? {};
  if (phase === "Running" || (phase === "Pending" && pod.spec.nodeName !== undefined)) await endPod(api, pod, 143);
  await api.call("DELETE", `${podsPath}/${pod.metadata.name}?gracePeriodSeconds=0`);
}

/** Asks for the eviction of a pod, as a drain or a site's preemption does. Returns false if it is gone already. */
export async function evictPod(api: ApiServer, { metadata }: RunnablePod): Promise<boolean> {
  const eviction = {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name: metadata.name, namespace: "mixcpt" },
  };
  const { status } = await api.call("POST", `${podsPath}/${metadata.name}/eviction`, eviction);
  return status === 201;
}
