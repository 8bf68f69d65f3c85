import { deviceIdLabel, deviceResource, emulatedLabel, gpus } from "../hardware/catalogue.ts";
import type { ClusterHardware } from "./outputs.ts";
import { partOfLabel } from "./labels.ts";
import type { Manifest } from "./manifests.ts";
import type { PriorityClassManifest } from "./priorities.ts";
import { priorityClasses } from "./priorities.ts";

const kueue = "kueue.x-k8s.io/v1beta2";

interface ClusterQueueSpec {
  namespaceSelector: { matchLabels: Record<string, string> };
  queueingStrategy: "BestEffortFIFO";
  resourceGroups: {
    coveredResources: string[];
    flavors: { name: string; resources: { name: string; nominalQuota: string }[] }[];
  }[];
}

interface FlavorSpec {
  nodeLabels?: Record<string, string>;
  topologyName?: string;
  tolerations?: { key: string; operator: "Exists" }[];
}

export type TopologyManifest = Manifest<typeof kueue, "Topology", { levels: { nodeLabel: string }[] }>;
export type ResourceFlavorManifest = Manifest<typeof kueue, "ResourceFlavor", FlavorSpec>;
export type ClusterQueueManifest = Manifest<typeof kueue, "ClusterQueue", ClusterQueueSpec>;
export type LocalQueueManifest = Manifest<typeof kueue, "LocalQueue", { clusterQueue: string }>;
export type QueueManifest = PriorityClassManifest | TopologyManifest | ResourceFlavorManifest | ClusterQueueManifest | LocalQueueManifest;

export interface QueueInput {
  namespace: string;
  hardware: ClusterHardware;
  /** What all data jobs together may ask for at a time. */
  cpu: { cores: number; memoryGiB: number };
}

/** Kueue refuses a pod that asks for a resource without quota. The scheduler looks after the processors and the
 * memory beside the GPUs, so their quota in the GPU queue is no limit. */
const noLimit = { cpu: "100k", memory: "1Pi" };

const labels = { [partOfLabel]: "mixcpt" };

/** These objects belong to the whole cluster, where others may have a queue "gpu", too. */
const clusterWide = (name: string): string => `mixcpt-${name}`;

/**
 * Kueue counts what is free node by node, and not in sum: eight devices that are free on eight nodes start no training, and
 * a node that is not ready has none.
 */
const nodes: TopologyManifest = {
  apiVersion: kueue,
  kind: "Topology",
  metadata: { name: clusterWide("nodes"), labels },
  spec: { levels: [{ nodeLabel: "kubernetes.io/hostname" }] },
};

/** One flavor per GPU model, found on its nodes by the PCI device id. Nodes may keep others off by a taint of the device's name. */
export function gpuFlavor(hardware: ClusterHardware): ResourceFlavorManifest {
  const { gpu, emulated, deviceId = gpus[gpu].deviceIds[0] } = hardware;
  const name = clusterWide(`${gpu.toLowerCase()}-${deviceId}${emulated ? "-emulated" : ""}`);
  const nodeLabels = { [deviceIdLabel]: deviceId, ...(emulated && { [emulatedLabel]: "true" }) };
  return { apiVersion: kueue, kind: "ResourceFlavor", metadata: { name, labels }, spec: { nodeLabels, topologyName: nodes.metadata.name, tolerations: [{ key: deviceResource, operator: "Exists" }] } };
}

function cpuFlavor(): ResourceFlavorManifest {
  return { apiVersion: kueue, kind: "ResourceFlavor", metadata: { name: clusterWide("cpu"), labels }, spec: {} };
}

interface Quota {
  name: string;
  flavor: string;
  namespace: string;
  quotas: Readonly<Record<string, string>>;
}

function clusterQueue({ name, flavor, namespace, quotas }: Quota): ClusterQueueManifest {
  const resources = Object.entries(quotas).map(([resource, nominalQuota]) => ({ name: resource, nominalQuota }));
  return {
    apiVersion: kueue,
    kind: "ClusterQueue",
    metadata: { name: clusterWide(name), labels },
    spec: {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
      queueingStrategy: "BestEffortFIFO",
      resourceGroups: [{ coveredResources: Object.keys(quotas), flavors: [{ name: flavor, resources }] }],
    },
  };
}

function localQueue(name: string, namespace: string): LocalQueueManifest {
  return { apiVersion: kueue, kind: "LocalQueue", metadata: { name, namespace, labels }, spec: { clusterQueue: clusterWide(name) } };
}

/** Priorities, topology and flavors first, then the queues `gpu` and `cpu` with a local queue of the same name: the order to apply them in. */
export function queues({ namespace, hardware, cpu }: QueueInput): QueueManifest[] {
  const gpu = gpuFlavor(hardware);
  const devices = String(hardware.nodes * hardware.devicesPerNode);
  const cpuQuotas = { cpu: String(cpu.cores), memory: `${String(cpu.memoryGiB)}Gi` };
  const cpuOnly = cpuFlavor();
  return [
    ...priorityClasses(),
    nodes,
    gpu,
    cpuOnly,
    clusterQueue({ name: "gpu", flavor: gpu.metadata.name, namespace, quotas: { [deviceResource]: devices, ...noLimit } }),
    clusterQueue({ name: "cpu", flavor: cpuOnly.metadata.name, namespace, quotas: cpuQuotas }),
    localQueue("gpu", namespace),
    localQueue("cpu", namespace),
  ];
}
