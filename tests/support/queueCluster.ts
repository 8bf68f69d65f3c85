import { deviceIdLabel, deviceResource, emulatedLabel } from "../../jobs/hardware/gpuCatalog.ts";
import { listDeviceIds } from "../../jobs/kube/clusterOutputs.ts";
import type { ClusterOutputs } from "../../jobs/kube/clusterOutputs.ts";
import { emulatedCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import type { NamedObject } from "../../jobs/kube/manifestTypes.ts";
import { kueueApiVersion } from "../../jobs/kube/priorities.ts";
import type { DeviceShare } from "../../jobs/kube/queues.ts";
import { buildQueues } from "../../jobs/kube/queues.ts";
import { buildTrainingRuntime } from "../../jobs/kube/trainingRuntime.ts";
import { queuedNamespaceLabel } from "../../infra/platform/experimentResources.ts";
import { buildQueueGuard } from "../../infra/platform/queueGuard.ts";
import { startApiServer } from "./apiServer.ts";
import type { ApiServer } from "./apiServer.ts";
import { callSuccessfully } from "./callSuccessfully.ts";
import { installControllerKinds } from "./controllerKinds.ts";
import { startControllerPrograms } from "./controllerPrograms.ts";
import type { ControllerPrograms, ControllerSettings } from "./controllerPrograms.ts";
import { waitUntil } from "./processes.ts";
import { submittedPaths } from "./submittedPaths.ts";

/** An API server with the real controllers and this project's queues. Its nodes are objects: no kubelet runs. */
export interface QueueCluster {
  readonly api: ApiServer;
  readonly controllers: ControllerPrograms;
  /** What a stack is told about this cluster. */
  readonly outputs: ClusterOutputs;
  readonly nodeNames: readonly string[];
  /** Adds a node that was deleted once more. */
  addNode(name: string): Promise<void>;
  /** Reports that nodes are alive, as their kubelets do every ten seconds. */
  reportReady(names: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

const pluralPaths: Readonly<Record<string, string>> = {
  Topology: "topologies",
  ResourceFlavor: "resourceflavors",
  ClusterQueue: "clusterqueues",
  LocalQueue: "localqueues",
  WorkloadPriorityClass: "workloadpriorityclasses",
  ClusterTrainingRuntime: "clustertrainingruntimes",
  ValidatingAdmissionPolicy: "validatingadmissionpolicies",
  ValidatingAdmissionPolicyBinding: "validatingadmissionpolicybindings",
};

async function createManifest(api: ApiServer, manifest: NamedObject): Promise<void> {
  const { apiVersion, kind, metadata } = manifest;
  const folder = metadata.namespace === undefined ? "" : `namespaces/${metadata.namespace}/`;
  await callSuccessfully(api, "POST", `/apis/${apiVersion}/${folder}${pluralPaths[kind] ?? kind}`, manifest);
}

async function reportReady(api: ApiServer, name: string): Promise<void> {
  const now = new Date().toISOString();
  const condition = { type: "Ready", status: "True", reason: "KubeletReady", message: "ready" };
  const conditions = [{ ...condition, lastHeartbeatTime: now, lastTransitionTime: now }];
  await callSuccessfully(api, "PATCH", `/api/v1/nodes/${name}/status`, { status: { conditions } });
}

async function createNode(api: ApiServer, name: string, hardware: ClusterOutputs["hardware"]): Promise<void> {
  const room = { cpu: "10k", memory: "100Ti", pods: "5000", [deviceResource]: String(hardware.devicesPerNode) };
  const [deviceId = ""] = listDeviceIds(hardware);
  const labels = { "kubernetes.io/hostname": name, [emulatedLabel]: "true", [deviceIdLabel]: deviceId };
  await callSuccessfully(api, "POST", "/api/v1/nodes", { metadata: { name, labels } });
  await callSuccessfully(api, "PATCH", `/api/v1/nodes/${name}/status`, {
    status: { capacity: room, allocatable: room },
  });
  await reportReady(api, name);
}

/** A claim with its volume: the scheduler places no pod whose claim is not bound. */
async function createStore(api: ApiServer): Promise<void> {
  const spec = { accessModes: ["ReadWriteMany"], storageClassName: "" };
  const size = { storage: "1Gi" };
  await callSuccessfully(api, "POST", "/api/v1/persistentvolumes", {
    metadata: { name: "store" },
    spec: { ...spec, capacity: size, hostPath: { path: "/nowhere" } },
  });
  await callSuccessfully(api, "POST", "/api/v1/namespaces/mixcpt/persistentvolumeclaims", {
    metadata: { name: "store" },
    spec: { ...spec, volumeName: "store", resources: { requests: size } },
  });
}

/** Waits until Kueue has read a queue and all that it names. */
async function awaitActiveQueue(api: ApiServer, { metadata: { name, namespace = "" } }: NamedObject): Promise<void> {
  const path = `/apis/${kueueApiVersion}/namespaces/${namespace}/localqueues/${name}`;
  await waitUntil(`the queue ${name} of ${namespace} is active`, async () => {
    const { status } = (await callSuccessfully(api, "GET", path)) as {
      status?: { conditions?: { type: string; status: string }[] };
    };
    return status?.conditions?.some((condition) => condition.type === "Active" && condition.status === "True") ?? false;
  });
}

/** Waits until Trainer has read a runtime: until then its webhook refuses every TrainJob that names it. */
async function awaitRuntime(api: ApiServer, { apiVersion, kind, metadata: { name } }: NamedObject): Promise<void> {
  const training = { apiVersion, kind: "TrainJob", metadata: { name: "dry" }, spec: { runtimeRef: { kind, name } } };
  let answer: unknown;
  await waitUntil(`a TrainJob may name ${name}`, async () => {
    const { status, body } = await api.call("POST", `${submittedPaths.TrainJob}?dryRun=All`, training);
    answer = body;
    return status === 201;
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${JSON.stringify(answer)}`);
  });
}

/** Creates the queues of an install and its namespace, as far as that is not there. */
export async function createQueues(
  api: ApiServer,
  { hardware, namespace, pods }: ClusterOutputs,
  share: DeviceShare,
): Promise<void> {
  await api.call("POST", "/api/v1/namespaces", { metadata: { name: namespace, labels: queuedNamespaceLabel } });
  const queues = buildQueues({ namespace, hardware, pods, cpu: { cores: 64, memoryGiB: 256 }, share });
  for (const manifest of queues) await createManifest(api, manifest);
  for (const manifest of queues.filter(({ kind }) => kind === "LocalQueue")) await awaitActiveQueue(api, manifest);
}

interface QueueClusterSettings extends Pick<ClusterOutputs["hardware"], "requiresPreflight">, ControllerSettings {
  /** The share of the queue in the namespace mixcpt. */
  readonly share?: DeviceShare;
}

/** Starts a cluster of emulated nodes, whose controllers may send more requests than by default. */
export async function startQueueCluster(
  nodes: number,
  devicesPerNode: number,
  { share = {}, sharesFairly = false, queuesPods = true, ...further }: QueueClusterSettings = {},
): Promise<QueueCluster> {
  const outputs = { ...emulatedCluster, hardware: { ...emulatedCluster.hardware, nodes, devicesPerNode, ...further } };
  const nodeNames = Array.from({ length: nodes }, (_, index) => `node-${String(index + 1)}`);
  const api = await startApiServer();
  let controllers: ControllerPrograms | undefined;
  const stop = async (): Promise<void> => {
    await controllers?.stop();
    await api.stop();
  };
  try {
    await installControllerKinds(api);
    api.startControllers(["--kube-api-qps=300", "--kube-api-burst=500"]);
    await callSuccessfully(api, "POST", "/api/v1/namespaces", {
      metadata: { name: "mixcpt", labels: queuedNamespaceLabel },
    });
    for (const name of nodeNames) await createNode(api, name, outputs.hardware);
    await createStore(api);
    controllers = await startControllerPrograms(api, { sharesFairly, queuesPods });
    await createQueues(api, outputs, share);
    const runtime = buildTrainingRuntime(outputs);
    for (const manifest of [...buildQueueGuard(outputs), runtime]) await createManifest(api, manifest);
    await awaitRuntime(api, runtime);
  } catch (error) {
    await stop();
    throw error;
  }
  const reportNodes = async (names: readonly string[]): Promise<void> => {
    for (const name of names) await reportReady(api, name);
  };
  const addNode = (name: string): Promise<void> => createNode(api, name, outputs.hardware);
  return { api, controllers, outputs, nodeNames, addNode, reportReady: reportNodes, stop };
}
