import type { PodSpec, PodTemplateSpec } from "kubernetes-types/core/v1.js";
import { stringify } from "yaml";
import { getDevice } from "../hardware/gpuCatalog.ts";
import { resolveNetworkRates } from "../hardware/network.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import { selectDevice, selectDeviceNodes } from "../kube/clusterOutputs.ts";
import type { JobManifest, JobSetManifest } from "../kube/manifestTypes.ts";
import { kindLabel, partOfLabel, queueLabel } from "../kube/objectLabels.ts";
import { cacheVariables, evaluationSharedMemory } from "../kube/podEnvironment.ts";
import { buildPriorityLabels, evaluationPriorities } from "../kube/priorities.ts";
import type { PodSettings } from "../kube/podSettings.ts";
import { sharedMemoryVolume } from "../kube/podVolumes.ts";
import { buildRestrictedPod } from "../kube/restrictedPod.ts";
import { parseQuantity } from "../kube/quantities.ts";
import { quarantineTaint } from "../kube/quarantine.ts";
import { selectNodeResources, selectSharedMemory } from "../kube/trainingRuntime.ts";
import { busBandwidthReferences } from "./busBandwidthReferences.ts";
import type { NodePair } from "./nodePairs.ts";

/** Marks the objects of one call of `preflight`; its value is the call's id. */
export const preflightLabel = "mixcpt.io/preflight";
/** Annotation with the names of the tested nodes, separated by a comma. */
export const testedNodesAnnotation = "mixcpt.io/preflight-nodes";
/** Container that answers prompts, and the one with all other checks. */
export const preflightContainers = ["prompts", "preflight"] as const;

const hostnameLabel = "kubernetes.io/hostname";
/** Time for a measurement of several processes, and for the prompts. vLLM compiles kernels at its first start. */
const measurementSeconds = 600;
/** Pods that hang are ended by the kubelet. */
const podSeconds = 1800;
/** Objects of a call that was killed remove themselves after this time. */
const keptSeconds = 3600;
/** Processes on a node whose devices are emulated: enough for a collective. */
const emulatedProcesses = 2;

/** The file that is written to the store. */
export interface StoreSample {
  /** Bytes of the largest checkpoint that the plans of this cluster write. */
  readonly checkpointBytes: number;
  /** MB/s at which the plan assumes that a checkpoint is written. */
  readonly assumedMBs: number;
}

export interface PreflightContext {
  readonly cluster: ClusterOutputs;
  /** Part of all names: lowercase letters and digits. */
  readonly id: string;
  readonly store: StoreSample;
}

/**
 * Describes the file, with bounds so that a slow store holds a node for two minutes at most. On emulated devices the
 * store is a disk of the machine: it has no room for checkpoints of the study, and the plan assumes nothing of it.
 */
function buildStoreSpec({ cluster, store: { checkpointBytes, assumedMBs } }: PreflightContext) {
  const folder = `${cluster.store.mount}/preflight`;
  return cluster.hardware.emulated
    ? { folder, checkpointBytes, maxBytes: 256e6, seconds: 20 }
    : { folder, checkpointBytes, assumedMBs, maxBytes: 32e9, seconds: 60 };
}

function countProcesses({ emulated, devicesPerNode }: ClusterOutputs["hardware"]): number {
  return emulated ? Math.min(emulatedProcesses, devicesPerNode) : devicesPerNode;
}

function buildNodeSpec(context: PreflightContext): object {
  const { cluster } = context;
  const { hardware } = cluster;
  // Of whole cards: nothing is published for collectives of their parts.
  const reference = (hardware.partition ?? "SPX") === "SPX" ? busBandwidthReferences[hardware.gpu] : undefined;
  const device = getDevice(hardware);
  const isWholeNode = hardware.devicesPerNode === device.maxCardsPerNode * device.devicesPerCard;
  return {
    ...selectDevice(cluster),
    processes: countProcesses(hardware),
    devices: hardware.devicesPerNode,
    seconds: measurementSeconds,
    sharedMemoryBytes: parseQuantity(selectSharedMemory(cluster)),
    store: buildStoreSpec(context),
    ...(!hardware.emulated && { peakTflops: device.bf16Tflops, peakMemoryGBs: device.memoryTBs * 1000 }),
    ...(!hardware.emulated && isWholeNode && reference !== undefined && { busReferenceGBs: reference }),
  };
}

/** Builds the pod of a training on one node, with another program. */
function buildNodePod(cluster: ClusterOutputs, node: string, { verb, spec }: { verb: string; spec: object }): PodSpec {
  const { hardware, images, store, pods } = cluster;
  const pod = buildRestrictedPod({
    name: "preflight",
    image: images.llamaFactory,
    command: ["mixcpt-preflight"],
    args: [verb],
    env: { ...cacheVariables, OMP_NUM_THREADS: "1", MIXCPT_SPEC: stringify(spec) },
    ...(pods.training && { settings: pods.training }),
    resources: { ...selectNodeResources(hardware), devices: hardware.devicesPerNode },
    store,
    nodes: selectDeviceNodes(hardware),
    sharedMemory: selectSharedMemory(cluster),
    ...(hardware.deviceGroups !== undefined && { groups: hardware.deviceGroups }),
  });
  return {
    ...pod,
    activeDeadlineSeconds: podSeconds,
    nodeSelector: { ...pod.nodeSelector, [hostnameLabel]: node },
    // A node in quarantine is tested before it is released.
    tolerations: [...(pod.tolerations ?? []), { key: quarantineTaint, operator: "Exists" }],
  };
}

/** Name of the volume that is /dev/shm of the prompts; the other container has the size of a training's. */
const promptsVolume = "prompts-shm";

/** Selects what an evaluation's settings say of its processes; the node and its whole memory are those of the test. */
function selectPromptSettings({ env, sharedMemory }: PodSettings = {}): PodSettings {
  return { ...(env && { env }), ...(sharedMemory !== undefined && { sharedMemory }) };
}

function renamePromptsVolume<Named extends { name: string }>(volume: Named): Named {
  return volume.name === sharedMemoryVolume ? { ...volume, name: promptsVolume } : volume;
}

/**
 * Builds the container that answers prompts as an evaluation does. It starts first and ends well even if it finds
 * something wrong.
 */
function buildPromptParts({ cluster }: PreflightContext): Required<Pick<PodSpec, "initContainers" | "volumes">> {
  const { hardware, images, store, pods, serving } = cluster;
  const { containers, volumes = [] } = buildRestrictedPod({
    name: "prompts",
    image: images.evaluate,
    command: ["mixcpt-evaluate"],
    args: ["prompts"],
    env: {
      ...cacheVariables,
      OMP_NUM_THREADS: "1",
      MIXCPT_SPEC: stringify({ ...selectDevice(cluster), seconds: measurementSeconds, ...(serving && { serving }) }),
    },
    settings: selectPromptSettings(pods.evaluation),
    resources: { ...selectNodeResources(hardware), devices: hardware.devicesPerNode },
    store,
    writes: "nothing",
    sharedMemory: evaluationSharedMemory,
  });
  return {
    initContainers: containers.map((container) => ({
      ...container,
      volumeMounts: container.volumeMounts?.map(renamePromptsVolume) ?? [],
    })),
    volumes: volumes.map(renamePromptsVolume).filter(({ name }) => name === promptsVolume),
  };
}

function buildObjectLabels({ id }: PreflightContext): Record<string, string> {
  return { [partOfLabel]: "mixcpt", [kindLabel]: "preflight", [preflightLabel]: id };
}

function buildQueuedLabels(context: PreflightContext): Record<string, string> {
  return {
    ...buildObjectLabels(context),
    [queueLabel]: context.cluster.queues.gpu,
    ...buildPriorityLabels(context.cluster, evaluationPriorities.base),
  };
}

function buildMetadata(name: string, context: PreflightContext, nodes: readonly string[]): JobManifest["metadata"] {
  return {
    name,
    namespace: context.cluster.namespace,
    labels: buildObjectLabels(context),
    annotations: { [testedNodesAnnotation]: nodes.join(",") },
  };
}

/** Builds the Job that tests a node. Its pod waits in the queue until the node is free, as a training does. */
export function buildNodeJob(context: PreflightContext, node: string, index: number): JobManifest {
  const { cluster, id } = context;
  const annotations = { ...cluster.pods.training?.annotations, [testedNodesAnnotation]: node };
  const pod = buildNodePod(cluster, node, { verb: "node", spec: buildNodeSpec(context) });
  const { initContainers, volumes } = buildPromptParts(context);
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: buildMetadata(`preflight-${id}-node-${String(index)}`, context, [node]),
    spec: {
      backoffLimit: 0,
      ttlSecondsAfterFinished: keptSeconds,
      template: {
        metadata: { labels: buildQueuedLabels(context), annotations },
        spec: { ...pod, initContainers, volumes: [...(pod.volumes ?? []), ...volumes] },
      },
    },
  };
}

const pairJobNames = ["first", "second"] as const;

/** Builds the pod of one node of a pair. Kueue admits both pods or none. */
function buildPairTemplate(context: PreflightContext, name: string, [node, rank]: [string, number]): PodTemplateSpec {
  const { cluster } = context;
  const { hardware } = cluster;
  const spec = {
    ...selectDevice(cluster),
    processes: countProcesses(hardware),
    seconds: measurementSeconds,
    ...(!hardware.emulated && { assumedGBs: resolveNetworkRates(hardware.network, hardware).betweenNodesGBs.value }),
    nodeRank: rank,
    master: `${name}-${pairJobNames[0]}-0-0.${name}`,
  };
  return {
    metadata: {
      labels: { ...buildQueuedLabels(context), "kueue.x-k8s.io/pod-group-name": name },
      annotations: {
        ...cluster.pods.training?.annotations,
        [testedNodesAnnotation]: node,
        "kueue.x-k8s.io/pod-group-total-count": "2",
        "kueue.x-k8s.io/retriable-in-group": "false",
      },
    },
    spec: buildNodePod(cluster, node, { verb: "pair", spec }),
  };
}

/** Builds the JobSet that tests two nodes together; its service gives their pods names. */
export function buildPairJobSet(context: PreflightContext, pair: NodePair, index: number): JobSetManifest {
  const name = `preflight-${context.id}-pair-${String(index)}`;
  return {
    apiVersion: "jobset.x-k8s.io/v1alpha2",
    kind: "JobSet",
    metadata: buildMetadata(name, context, pair),
    spec: {
      ttlSecondsAfterFinished: keptSeconds,
      failurePolicy: { maxRestarts: 0 },
      replicatedJobs: pair.map((node, rank) => ({
        name: pairJobNames[rank] ?? "",
        template: { spec: { backoffLimit: 0, template: buildPairTemplate(context, name, [node, rank]) } },
      })),
    },
  };
}
