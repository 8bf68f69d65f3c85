import { deviceIdLabel, deviceResource, emulatedLabel, gpus } from "../hardware/gpuCatalog.ts";
import type { ClusterHardware } from "./clusterOutputs.ts";
import { partOfLabel } from "./objectLabels.ts";
import type { SpecManifest } from "./manifestTypes.ts";
import type { PriorityClassManifest } from "./priorities.ts";
import { buildPriorityClasses } from "./priorities.ts";

const kueueApiVersion = "kueue.x-k8s.io/v1beta2";

interface ClusterQueueSpec {
  readonly namespaceSelector: { matchLabels: Record<string, string> };
  readonly queueingStrategy: "BestEffortFIFO";
  readonly resourceGroups: {
    coveredResources: string[];
    flavors: { name: string; resources: { name: string; nominalQuota: string }[] }[];
  }[];
}

interface FlavorSpec {
  readonly nodeLabels?: Record<string, string>;
  readonly topologyName?: string;
  readonly tolerations?: { key: string; operator: "Exists" }[];
}

export type TopologyManifest = SpecManifest<typeof kueueApiVersion, "Topology", { levels: { nodeLabel: string }[] }>;
export type ResourceFlavorManifest = SpecManifest<typeof kueueApiVersion, "ResourceFlavor", FlavorSpec>;
export type ClusterQueueManifest = SpecManifest<typeof kueueApiVersion, "ClusterQueue", ClusterQueueSpec>;
export type LocalQueueManifest = SpecManifest<typeof kueueApiVersion, "LocalQueue", { clusterQueue: string }>;
export type QueueManifest =
  PriorityClassManifest | TopologyManifest | ResourceFlavorManifest | ClusterQueueManifest | LocalQueueManifest;

export interface QueueInput {
  readonly namespace: string;
  readonly hardware: ClusterHardware;
  /** What all data jobs together may ask for at a time. */
  readonly cpu: { cores: number; memoryGiB: number };
}

/** Kueue refuses a pod that asks for a resource without quota. The scheduler looks after the processors and the
 * memory beside the GPUs, so their quota in the GPU queue is no limit. */
const unlimitedQuotas = { cpu: "100k", memory: "1Pi" };

const partOfLabels = { [partOfLabel]: "mixcpt" };

/** These objects belong to the whole cluster, where others may have a queue "gpu", too. */
function formatClusterWideName(name: string): string {
  return `mixcpt-${name}`;
}

/**
 * Kueue counts what is free node by node, and not in sum: eight devices that are free on eight nodes start no training, and
 * a node that is not ready has none.
 */
const nodeTopology: TopologyManifest = {
  apiVersion: kueueApiVersion,
  kind: "Topology",
  metadata: { name: formatClusterWideName("nodes"), labels: partOfLabels },
  spec: { levels: [{ nodeLabel: "kubernetes.io/hostname" }] },
};

/** One flavor per GPU model, found on its nodes by the PCI device id. Nodes may keep others off by a taint of the device's name. */
export function buildGpuFlavor(hardware: ClusterHardware): ResourceFlavorManifest {
  const { gpu, emulated, deviceId = gpus[gpu].deviceIds[0] } = hardware;
  const name = formatClusterWideName(`${gpu.toLowerCase()}-${deviceId}${emulated ? "-emulated" : ""}`);
  const nodeLabels = { [deviceIdLabel]: deviceId, ...(emulated && { [emulatedLabel]: "true" }) };
  return {
    apiVersion: kueueApiVersion,
    kind: "ResourceFlavor",
    metadata: { name, labels: partOfLabels },
    spec: {
      nodeLabels,
      topologyName: nodeTopology.metadata.name,
      tolerations: [{ key: deviceResource, operator: "Exists" }],
    },
  };
}

function buildCpuFlavor(): ResourceFlavorManifest {
  return {
    apiVersion: kueueApiVersion,
    kind: "ResourceFlavor",
    metadata: { name: formatClusterWideName("cpu"), labels: partOfLabels },
    spec: {},
  };
}

interface ClusterQueueInput {
  readonly name: string;
  readonly flavor: string;
  readonly namespace: string;
  readonly quotas: Readonly<Record<string, string>>;
}

function buildClusterQueue({ name, flavor, namespace, quotas }: ClusterQueueInput): ClusterQueueManifest {
  const resources = Object.entries(quotas).map(([resource, nominalQuota]) => ({ name: resource, nominalQuota }));
  return {
    apiVersion: kueueApiVersion,
    kind: "ClusterQueue",
    metadata: { name: formatClusterWideName(name), labels: partOfLabels },
    spec: {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
      queueingStrategy: "BestEffortFIFO",
      resourceGroups: [{ coveredResources: Object.keys(quotas), flavors: [{ name: flavor, resources }] }],
    },
  };
}

function buildLocalQueue(name: string, namespace: string): LocalQueueManifest {
  return {
    apiVersion: kueueApiVersion,
    kind: "LocalQueue",
    metadata: { name, namespace, labels: partOfLabels },
    spec: { clusterQueue: formatClusterWideName(name) },
  };
}

/** Priorities, topology and flavors first, then the queues `gpu` and `cpu` with a local queue of the same name: the order to apply them in. */
export function buildQueues({ namespace, hardware, cpu }: QueueInput): QueueManifest[] {
  const gpu = buildGpuFlavor(hardware);
  const devices = String(hardware.nodes * hardware.devicesPerNode);
  const cpuQuotas = { cpu: String(cpu.cores), memory: `${String(cpu.memoryGiB)}Gi` };
  const cpuOnly = buildCpuFlavor();
  return [
    ...buildPriorityClasses(),
    nodeTopology,
    gpu,
    cpuOnly,
    buildClusterQueue({
      name: "gpu",
      flavor: gpu.metadata.name,
      namespace,
      quotas: { [deviceResource]: devices, ...unlimitedQuotas },
    }),
    buildClusterQueue({ name: "cpu", flavor: cpuOnly.metadata.name, namespace, quotas: cpuQuotas }),
    buildLocalQueue("gpu", namespace),
    buildLocalQueue("cpu", namespace),
  ];
}
