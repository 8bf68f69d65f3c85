import { deviceIdLabel, deviceResource, emulatedLabel } from "../../jobs/hardware/gpuCatalog.ts";
import { listDeviceIds } from "../../jobs/kube/clusterOutputs.ts";
import type { ClusterOutputs } from "../../jobs/kube/clusterOutputs.ts";
import { emulatedCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import type { NamedObject } from "../../jobs/kube/manifestTypes.ts";
import { buildQueues } from "../../jobs/kube/queues.ts";
import { buildTrainingRuntime } from "../../jobs/kube/trainingRuntime.ts";
import { queuedNamespaceLabel } from "../../infra/platform/experimentResources.ts";
import { startApiServer } from "./apiServer.ts";
import type { ApiServer } from "./apiServer.ts";
import { callSuccessfully } from "./callSuccessfully.ts";
import { installControllerKinds } from "./controllerKinds.ts";
import { startControllerPrograms } from "./controllerPrograms.ts";
import type { ControllerPrograms } from "./controllerPrograms.ts";

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
  LocalQueue: "namespaces/mixcpt/localqueues",
  WorkloadPriorityClass: "workloadpriorityclasses",
  ClusterTrainingRuntime: "clustertrainingruntimes",
};

async function createManifest(api: ApiServer, manifest: NamedObject): Promise<void> {
  const { apiVersion, kind } = manifest;
  await callSuccessfully(api, "POST", `/apis/${apiVersion}/${pluralPaths[kind] ?? kind}`, manifest);
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

async function createPlatform(api: ApiServer, outputs: ClusterOutputs): Promise<void> {
  const { hardware, namespace, pods } = outputs;
  const queues = buildQueues({ namespace, hardware, pods, cpu: { cores: 64, memoryGiB: 256 } });
  for (const manifest of [...queues, buildTrainingRuntime(outputs)]) await createManifest(api, manifest);
}

/** Starts a cluster of emulated nodes, whose controllers may send more requests than by default. */
export async function startQueueCluster(
  nodes: number,
  devicesPerNode: number,
  further: Pick<ClusterOutputs["hardware"], "requiresPreflight"> = {},
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
    controllers = await startControllerPrograms(api);
    await createPlatform(api, outputs);
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
