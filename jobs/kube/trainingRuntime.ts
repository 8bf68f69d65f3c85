import type { ClusterHardware, ClusterOutputs } from "./clusterOutputs.ts";
import { selectWorkNodes } from "./clusterOutputs.ts";
import { awaitCommand, awaitResources, limitWaitingPods } from "./awaitJob.ts";
import { computeDeviceCores } from "./cpuShare.ts";
import { buildGroupFailurePolicy, buildPodReplacementPolicy, groupRestartPolicy } from "./failurePolicies.ts";
import { partOfLabel, runLabel } from "./objectLabels.ts";
import type { TrainingRuntimeManifest, ReplicatedJob } from "./manifestTypes.ts";
import { cacheVariables } from "./podEnvironment.ts";
import { selectPlacement } from "./podSettings.ts";
import type { PodResources } from "./restrictedPod.ts";
import { buildRestrictedPod } from "./restrictedPod.ts";
import type { StoreVolume } from "./storeMounts.ts";
import { listCacheFolders } from "./storeMounts.ts";

/** Names in the runtime that a TrainJob patches. Kubeflow Trainer defines the meaning of "node". */
export const awaitCorpusJobName = "await-corpus";
export const awaitContainerName = "await";
export const nodeJobName = "node";

/** Variables with the paths that the await-corpus job of a TrainJob waits for. */
export const awaitVariables = ["MIXCPT_AWAIT_CORPUS", "MIXCPT_AWAIT_MODEL"] as const;

/** Size of /dev/shm of a training on real devices, unless the cluster's file has another. */
export const defaultSharedMemory = "16Gi";

/**
 * Seconds that a training has to end the step and to save a checkpoint, unless the cluster's file has another number:
 * enough for an 8B model at the assumed rate of the store (112 GB at 634 MB/s). One that is done ends earlier.
 */
export const defaultGraceSeconds = 300;
/** A cluster's file may not name more: drains wait as long. */
export const maxGraceSeconds = 1800;

/** Tells the supervisor the grace (images/llama-factory, graceful_stop.py): a pod cannot read it from its spec. */
const graceVariable = "MIXCPT_GRACE_SECONDS";

/** The run of a pod, whose folder is made before it trains. */
const runVariable = "MIXCPT_RUN";

/** Formats the path of the folder of a run, which the TrainJob mounts (jobs/train/trainJob.ts). */
export function formatRunFolder({ mount }: Pick<StoreVolume, "mount">, run: string): string {
  return `${mount}/runs/${run}`;
}

const trainCommand = "mixcpt-train";

/** Selects CPU and memory of a training node. A TrainJob passes its devices and the memory that its model needs. */
export function selectNodeResources(
  hardware: ClusterHardware,
  { devices = hardware.devicesPerNode, memoryGiB = 64 } = {},
): PodResources {
  return hardware.emulated
    ? { cpu: "500m", memory: "2Gi" }
    : { cpu: String(computeDeviceCores(devices, hardware)), memory: `${String(memoryGiB)}Gi` };
}

/** Selects the size of /dev/shm of a training node, a Kubernetes quantity. */
export function selectSharedMemory({ hardware, pods }: Pick<ClusterOutputs, "hardware" | "pods">): string {
  return pods.training?.sharedMemory ?? (hardware.emulated ? "128Mi" : defaultSharedMemory);
}

type RuntimeCluster = Pick<
  ClusterOutputs,
  "namespace" | "runtime" | "runtimeKind" | "images" | "store" | "hardware" | "pods"
>;

function buildAwaitCorpusJob({ images, store, pods }: RuntimeCluster): ReplicatedJob {
  const spec = buildRestrictedPod({
    name: awaitContainerName,
    image: images.store,
    command: [awaitCommand],
    args: awaitVariables.map((variable) => `$(${variable})`),
    resources: awaitResources,
    store,
    writes: "nothing",
    settings: selectPlacement(pods.training),
  });
  return {
    name: awaitCorpusJobName,
    template: {
      spec: {
        backoffLimit: 6,
        podFailurePolicy: buildPodReplacementPolicy(awaitContainerName),
        template: limitWaitingPods({ spec }, "train"),
      },
    },
  };
}

function buildNodeJob(cluster: RuntimeCluster): ReplicatedJob {
  const { images, store, hardware, pods } = cluster;
  const { training = {} } = pods;
  const graceSeconds = training.graceSeconds ?? defaultGraceSeconds;
  return {
    name: nodeJobName,
    dependsOn: [{ name: awaitCorpusJobName, status: "Complete" }],
    template: {
      metadata: { labels: { "trainer.kubeflow.org/trainjob-ancestor-step": "trainer" } },
      spec: {
        backoffLimit: 0,
        podFailurePolicy: buildGroupFailurePolicy(nodeJobName),
        template: {
          ...(training.annotations && { metadata: { annotations: training.annotations } }),
          spec: {
            ...buildRestrictedPod({
              name: nodeJobName,
              image: images.llamaFactory,
              command: [trainCommand],
              env: { ...cacheVariables, [graceVariable]: String(graceSeconds) },
              settings: training,
              resources: selectNodeResources(hardware),
              fields: { [runVariable]: `metadata.labels['${runLabel}']` },
              store,
              writes: {
                folders: listCacheFolders(training, store),
                madeFolders: [formatRunFolder(store, `$(${runVariable})`)],
                image: images.store,
              },
              nodes: selectWorkNodes(cluster),
              sharedMemory: selectSharedMemory(cluster),
              ...(hardware.deviceGroups !== undefined && { groups: hardware.deviceGroups }),
            }),
            terminationGracePeriodSeconds: graceSeconds,
          },
        },
      },
    },
  };
}

function selectRuntimeNamespace({ runtimeKind, namespace }: RuntimeCluster): { namespace?: string } {
  return runtimeKind === "TrainingRuntime" ? { namespace } : {};
}

/**
 * Builds the runtime of all TrainJobs: it first waits for the corpus without holding a GPU, then trains. Its Torch
 * policy sets PET_* in the container "node".
 */
export function buildTrainingRuntime(cluster: RuntimeCluster): TrainingRuntimeManifest {
  return {
    apiVersion: "trainer.kubeflow.org/v1alpha1",
    kind: cluster.runtimeKind,
    metadata: { name: cluster.runtime, ...selectRuntimeNamespace(cluster), labels: { [partOfLabel]: "mixcpt" } },
    spec: {
      mlPolicy: { numNodes: 1, torch: {} },
      template: {
        spec: {
          failurePolicy: groupRestartPolicy,
          replicatedJobs: [buildAwaitCorpusJob(cluster), buildNodeJob(cluster)],
        },
      },
    },
  };
}
