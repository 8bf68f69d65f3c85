import { stringify } from "yaml";
import { selectComputingDevice, selectDevice } from "../kube/clusterOutputs.ts";
import type { ObjectIdentity } from "../kube/objectLabels.ts";
import {
  buildAnnotations,
  buildLabels,
  buildRunMetadata,
  modelFlopsAnnotation,
  queueLabel,
} from "../kube/objectLabels.ts";
import type { ReplicatedJobPatch, TrainJobManifest } from "../kube/manifestTypes.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import { buildPriorityLabels } from "../kube/priorities.ts";
import { buildFolderMount, mountsWholeStore } from "../kube/storeMounts.ts";
import { applyPodSettings, buildEnvVars, buildResourceRequirements } from "../kube/restrictedPod.ts";
import {
  awaitContainerName,
  awaitCorpusJobName,
  awaitVariables,
  nodeJobName,
  selectNodeResources,
} from "../kube/trainingRuntime.ts";
import type { FamilyConfig } from "../config/index.ts";
import { describeModelFlops } from "./modelFlops.ts";
import { computeNodeMemoryGiB } from "./nodeMemory.ts";
import type { Run } from "./run.ts";
import type { CheckpointSpec } from "./submittedCheckpoints.ts";
import { buildTrackerEnvVars, buildTrackerSpec } from "./tracker.ts";

/** Manager of this project's entry in a TrainJob's runtimePatches; Kueue and others have their own entries. */
const patchManager = "mixcpt.io/experiments";

/**
 * Environment of a training process. Offline: nothing on a GPU node may wait for an address outside the cluster.
 * One thread per process, torchrun's default, keeps two trainings on two cores from slowing each other down.
 */
const nodeEnvironment = {
  OMP_NUM_THREADS: "1",
  HF_HUB_OFFLINE: "1",
  HF_DATASETS_OFFLINE: "1",
  TRANSFORMERS_OFFLINE: "1",
};

export interface TrainJobContext {
  readonly config: FamilyConfig;
  readonly cluster: ClusterOutputs;
  /** Name of the priority class that decides the place in the queue, without the cluster's prefix. */
  readonly priority: string;
}

/** Builds the part of the spec by which the supervisor saves, stops and removes. */
export function buildCheckpointSpec({ evaluated, stops, keepsWeights }: Run["checkpoints"]): CheckpointSpec {
  const steps = evaluated.filter((checkpoint) => checkpoint !== "last");
  return {
    ...(steps.length > 0 && { steps }),
    ...(steps.length < evaluated.length && { last: true }),
    ...(stops && { stop: true }),
    ...(keepsWeights && { keepWeights: true }),
  };
}

function renderTrainSpec(run: Run, { config, cluster }: TrainJobContext): string {
  const { corpus, model, tokenised, output, recipe, checkpoints } = run;
  return stringify({
    corpus,
    model,
    ...(tokenised !== undefined && { tokenised }),
    output,
    ...selectDevice(cluster),
    recipe,
    checkpoints: buildCheckpointSpec(checkpoints),
    ...buildTrackerSpec(run, config),
  });
}

/**
 * Builds the labels and annotations that make several nodes one pod group. Kueue admits all of its pods or none. Pods
 * are not replaced one by one: the group ends as a whole and releases its quota, and JobSet starts it again.
 */
function buildPodGroup({ name, world }: Run) {
  if (world.nodes === 1) return { labels: {}, annotations: {} };
  return {
    labels: { "kueue.x-k8s.io/pod-group-name": name },
    annotations: {
      "kueue.x-k8s.io/pod-group-total-count": String(world.nodes),
      "kueue.x-k8s.io/retriable-in-group": "false",
    },
  };
}

function buildNodePatch(
  run: Run,
  identity: ObjectIdentity,
  { cluster, priority }: Pick<TrainJobContext, "cluster" | "priority">,
): ReplicatedJobPatch {
  const { labels, annotations } = buildPodGroup(run);
  const queueLabels = { [queueLabel]: cluster.queues.gpu, ...buildPriorityLabels(cluster, priority) };
  return {
    name: nodeJobName,
    template: {
      spec: {
        template: {
          metadata: {
            labels: { ...buildLabels(identity), ...queueLabels, ...labels },
            annotations: { ...buildAnnotations(identity), ...annotations },
          },
          ...(!mountsWholeStore(cluster.pods.training) && {
            spec: { containers: [{ name: nodeJobName, volumeMounts: [buildFolderMount(run.output, cluster.store)] }] },
          }),
        },
      },
    },
  };
}

function buildAwaitPatch(run: Run, identity: ObjectIdentity): ReplicatedJobPatch {
  const [corpus, model] = awaitVariables;
  // The tokenized corpus is made from the corpus, so it suffices to wait for the former.
  const env = buildEnvVars({ [corpus]: run.tokenised ?? run.corpus, [model]: run.model });
  return {
    name: awaitCorpusJobName,
    template: {
      spec: {
        template: {
          metadata: { labels: buildLabels(identity), annotations: buildAnnotations(identity) },
          spec: { containers: [{ name: awaitContainerName, env }] },
        },
      },
    },
  };
}

function buildTrainer(run: Run, context: TrainJobContext): TrainJobManifest["spec"]["trainer"] {
  const { config, cluster } = context;
  const { devicesPerNode: devices } = config.hardware;
  const memoryGiB = computeNodeMemoryGiB(run, cluster.pods.training?.sharedMemory);
  const request = selectNodeResources(cluster.hardware, { devices, memoryGiB });
  return {
    image: run.image,
    env: [
      ...buildEnvVars({ ...nodeEnvironment, MIXCPT_IMAGE: run.image, MIXCPT_SPEC: renderTrainSpec(run, context) }),
      ...buildTrackerEnvVars(config),
    ],
    numNodes: run.world.nodes,
    numProcPerNode: run.world.processesPerNode,
    resourcesPerNode: buildResourceRequirements(applyPodSettings({ ...request, devices }, cluster.pods.training)),
  };
}

function buildRuntimePatch(
  run: Run,
  identity: ObjectIdentity,
  { cluster, priority }: TrainJobContext,
): TrainJobManifest["spec"]["runtimePatches"][number] {
  return {
    manager: patchManager,
    trainingRuntimeSpec: {
      template: {
        metadata: { labels: buildLabels(identity), annotations: buildAnnotations(identity) },
        spec: {
          replicatedJobs: [buildAwaitPatch(run, identity), buildNodePatch(run, identity, { cluster, priority })],
        },
      },
    },
  };
}

/** Builds the metadata of a TrainJob, from which the monitor computes the model FLOPs utilization. */
function buildTrainMetadata(run: Run, identity: ObjectIdentity, cluster: ClusterOutputs) {
  const metadata = buildRunMetadata(run.name, cluster.namespace, identity);
  const flops = describeModelFlops(run, cluster);
  const annotations = flops === undefined ? {} : { [modelFlopsAnnotation]: JSON.stringify(flops) };
  return { ...metadata, annotations: { ...metadata.annotations, ...annotations } };
}

/** Builds the TrainJob of a run. It is not queued itself; the pods of its nodes are, as soon as the corpus exists. */
export function buildTrainJob(run: Run, context: TrainJobContext): TrainJobManifest {
  const { config, cluster } = context;
  const { id, slug } = run.cell;
  const computedBy = { code: cluster.code.train, device: selectComputingDevice(cluster) };
  const identity: ObjectIdentity = {
    stack: config.stack,
    step: "train",
    cell: { id, slug, run: run.name },
    computedBy,
  };
  return {
    apiVersion: "trainer.kubeflow.org/v1alpha1",
    kind: "TrainJob",
    metadata: buildTrainMetadata(run, identity, cluster),
    spec: {
      runtimeRef: { apiGroup: "trainer.kubeflow.org", kind: cluster.runtimeKind, name: cluster.runtime },
      trainer: buildTrainer(run, context),
      runtimePatches: [buildRuntimePatch(run, identity, context)],
    },
  };
}
