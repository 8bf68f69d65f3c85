import { deviceResource, emulatedLabel } from "../hardware/gpuCatalog.ts";
import type { ClusterHardware } from "./clusterOutputs.ts";
import { partOfLabel } from "./objectLabels.ts";
import type { SpecManifest } from "./manifestTypes.ts";
import { defaultNamespace, formatClusterWideName } from "./platformNames.ts";
import type { ClusterPods, PodSettings } from "./podSettings.ts";
import type { PriorityClassManifest } from "./priorities.ts";
import { buildPriorityClasses, kueueApiVersion } from "./priorities.ts";

interface ClusterQueueSpec {
  readonly namespaceSelector: { matchLabels: Record<string, string> };
  readonly cohortName?: string;
  readonly fairSharing?: { weight: string };
  readonly queueingStrategy: "BestEffortFIFO";
  readonly preemption: { withinClusterQueue: "Never"; reclaimWithinCohort: "Never" | "Any" };
  readonly resourceGroups: { coveredResources: string[]; flavors: { name: string; resources: FlavorQuota[] }[] }[];
}

interface FlavorQuota {
  readonly name: string;
  readonly nominalQuota: string;
  readonly borrowingLimit?: string;
}

interface FlavorSpec {
  readonly nodeLabels?: Record<string, string>;
  readonly topologyName?: string;
  readonly tolerations?: { key: string; operator: "Exists" }[];
}

type TopologyManifest = SpecManifest<typeof kueueApiVersion, "Topology", { levels: { nodeLabel: string }[] }>;
type ResourceFlavorManifest = SpecManifest<typeof kueueApiVersion, "ResourceFlavor", FlavorSpec>;
export type ClusterQueueManifest = SpecManifest<typeof kueueApiVersion, "ClusterQueue", ClusterQueueSpec>;
type LocalQueueManifest = SpecManifest<typeof kueueApiVersion, "LocalQueue", { clusterQueue: string }>;
type QueueManifest =
  PriorityClassManifest | TopologyManifest | ResourceFlavorManifest | ClusterQueueManifest | LocalQueueManifest;

/** The share of the devices that the queue of GPUs has. */
export interface DeviceShare {
  /** Devices that the queue may use at any time; those of all nodes if omitted. */
  readonly quota?: number;
  /** Queues of a cohort lend each other what they do not use. */
  readonly cohort?: string;
  /** Devices that the queue may borrow; without a limit if omitted. */
  readonly borrowingLimit?: number;
  readonly weight?: number;
  /** False if the queue waits until the work that borrowed its devices has ended. */
  readonly reclaim?: boolean;
  /** A flavor that somebody else made, which the queues of a cohort must share to lend it. */
  readonly flavor?: string;
}

interface QueueInput {
  readonly namespace: string;
  readonly hardware: ClusterHardware;
  readonly pods: ClusterPods;
  /** Total that all data jobs together may request at a time. */
  readonly cpu: { cores: number; memoryGiB: number };
  readonly share?: DeviceShare;
}

/**
 * Quotas of the GPU queue that never limit anything. Kueue rejects a pod that requests a resource without quota, while
 * the scheduler already takes care of CPU and memory next to the GPUs.
 */
const unlimitedQuotas = { cpu: "100k", memory: "1Pi" };

/**
 * Builds the quotas of the further resources that pods of a queue request. They limit nothing either: the topology
 * counts what is free on each node, and the scheduler does for pods without devices.
 */
function buildFurtherQuotas(...settings: readonly (PodSettings | undefined)[]): Record<string, string> {
  const names = settings.flatMap((pods) => Object.keys(pods?.resources ?? {}));
  return Object.fromEntries(
    names.map((name) => [name, name.startsWith("hugepages-") ? unlimitedQuotas.memory : unlimitedQuotas.cpu]),
  );
}

/**
 * Builds the rules by which work ends other work. Within a queue nothing does, as by Kueue's default, which the
 * priorities rely on: with `LowerPriority` an evaluation of minutes would end a training of hours. A queue that lends
 * takes its devices back, or nobody would lend any: the borrower's training waits and resumes.
 */
function buildPreemption({ cohort, reclaim = true }: DeviceShare): ClusterQueueSpec["preemption"] {
  return { withinClusterQueue: "Never", reclaimWithinCohort: cohort !== undefined && reclaim ? "Any" : "Never" };
}

const partOfLabels = { [partOfLabel]: "mixcpt" };

/**
 * Builds the topology that makes Kueue count free devices per node instead of in total: eight devices that are free on
 * eight different nodes start no training, and a node that is not ready offers none.
 */
function buildNodeTopology(namespace: string): TopologyManifest {
  return {
    apiVersion: kueueApiVersion,
    kind: "Topology",
    metadata: { name: formatClusterWideName(namespace, "nodes"), labels: partOfLabels },
    spec: { levels: [{ nodeLabel: "kubernetes.io/hostname" }] },
  };
}

/**
 * Builds the flavor of a GPU model. It only tells real from emulated devices: labels of a flavor have one value, and a
 * model has several PCI ids, so that each pod names those that it accepts (`buildRestrictedPod`). It tolerates a taint
 * named like the device, with which GPU nodes repel other pods.
 */
export function buildGpuFlavor(
  { gpu, emulated }: ClusterHardware,
  namespace = defaultNamespace,
): ResourceFlavorManifest {
  const name = formatClusterWideName(namespace, `${gpu.toLowerCase()}${emulated ? "-emulated" : ""}`);
  // Kueue requires a label of a flavor with a topology.
  const nodeLabels = emulated ? { [emulatedLabel]: "true" } : { "kubernetes.io/os": "linux" };
  return {
    apiVersion: kueueApiVersion,
    kind: "ResourceFlavor",
    metadata: { name, labels: partOfLabels },
    spec: {
      nodeLabels,
      topologyName: buildNodeTopology(namespace).metadata.name,
      tolerations: [{ key: deviceResource, operator: "Exists" }],
    },
  };
}

function buildCpuFlavor(namespace: string): ResourceFlavorManifest {
  return {
    apiVersion: kueueApiVersion,
    kind: "ResourceFlavor",
    metadata: { name: formatClusterWideName(namespace, "cpu"), labels: partOfLabels },
    spec: {},
  };
}

interface ClusterQueueInput {
  readonly name: string;
  readonly flavor: string;
  readonly namespace: string;
  readonly quotas: Readonly<Record<string, string>>;
  readonly share?: DeviceShare;
}

function listFlavorQuotas({ quotas, share }: Pick<ClusterQueueInput, "quotas" | "share">): FlavorQuota[] {
  const limit = share?.borrowingLimit;
  return Object.entries(quotas).map(([name, nominalQuota]) => ({
    name,
    nominalQuota,
    ...(name === deviceResource && limit !== undefined && { borrowingLimit: String(limit) }),
  }));
}

function buildClusterQueue({ name, flavor, namespace, quotas, share }: ClusterQueueInput): ClusterQueueManifest {
  const resources = listFlavorQuotas({ quotas, ...(share && { share }) });
  return {
    apiVersion: kueueApiVersion,
    kind: "ClusterQueue",
    metadata: { name: formatClusterWideName(namespace, name), labels: partOfLabels },
    spec: {
      ...(share?.cohort !== undefined && { cohortName: share.cohort }),
      ...(share?.weight !== undefined && { fairSharing: { weight: String(share.weight) } }),
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
      queueingStrategy: "BestEffortFIFO",
      preemption: buildPreemption(share ?? {}),
      resourceGroups: [{ coveredResources: Object.keys(quotas), flavors: [{ name: flavor, resources }] }],
    },
  };
}

function buildLocalQueue(name: string, namespace: string): LocalQueueManifest {
  return {
    apiVersion: kueueApiVersion,
    kind: "LocalQueue",
    metadata: { name, namespace, labels: partOfLabels },
    spec: { clusterQueue: formatClusterWideName(namespace, name) },
  };
}

/**
 * Builds the objects of the queues in the order in which to apply them: priorities, topology and flavors, then the
 * cluster queues `gpu` and `cpu`, each with a local queue of the same name.
 */
export function buildQueues({ namespace, hardware, pods, cpu, share = {} }: QueueInput): QueueManifest[] {
  const gpu = buildGpuFlavor(hardware, namespace);
  const devices = String(share.quota ?? hardware.nodes * hardware.devicesPerNode);
  const cpuQuotas = { cpu: String(cpu.cores), memory: `${String(cpu.memoryGiB)}Gi`, ...buildFurtherQuotas(pods.data) };
  const cpuOnly = buildCpuFlavor(namespace);
  return [
    ...buildPriorityClasses(formatClusterWideName(namespace)),
    ...(share.flavor === undefined ? [buildNodeTopology(namespace), gpu] : []),
    cpuOnly,
    buildClusterQueue({
      name: "gpu",
      flavor: share.flavor ?? gpu.metadata.name,
      share,
      namespace,
      quotas: { [deviceResource]: devices, ...unlimitedQuotas, ...buildFurtherQuotas(pods.training, pods.evaluation) },
    }),
    buildClusterQueue({ name: "cpu", flavor: cpuOnly.metadata.name, namespace, quotas: cpuQuotas }),
    buildLocalQueue("gpu", namespace),
    buildLocalQueue("cpu", namespace),
  ];
}
