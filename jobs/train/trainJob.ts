import { stringify } from "yaml";
import { deviceOf } from "../kube/device.ts";
import type { Identity } from "../kube/labels.ts";
import { annotationsOf, labelsOf, queueLabel, runMetadata } from "../kube/labels.ts";
import type { ReplicatedJobPatch, TrainJobManifest } from "../kube/manifests.ts";
import type { ClusterOutputs } from "../kube/outputs.ts";
import { priorityLabel } from "../kube/priorities.ts";
import { environment, resourceRequirements } from "../kube/restrictedPod.ts";
import { awaitContainer, awaitCorpusJob, awaitVariables, nodeJob, nodeSize } from "../kube/trainingRuntime.ts";
import type { StackConfig } from "../matrix/index.ts";
import { nodeMemoryGiB } from "./nodeMemory.ts";
import type { Run } from "./run.ts";

/** Owner of our entry in a TrainJob's runtimePatches; Kueue and others have their own. */
const patchManager = "mixcpt.io/experiments";

/** Nothing on a GPU node may wait for an address outside the cluster. One thread per process keeps two trainings
 * on two cores out of each other's way, and is torchrun's own default. */
const nodeEnvironment = {
  OMP_NUM_THREADS: "1",
  HF_HUB_OFFLINE: "1",
  HF_DATASETS_OFFLINE: "1",
  TRANSFORMERS_OFFLINE: "1",
};

export interface Place {
  config: StackConfig;
  cluster: ClusterOutputs;
  /** Class of Kueue's that decides who is next in the queue. */
  priority: string;
}

function specOf({ corpus, model, tokenised, output, recipe, finalCheckpoint }: Run, cluster: ClusterOutputs): string {
  return stringify({ corpus, model, ...(tokenised !== undefined && { tokenised }), output, ...deviceOf(cluster), recipe, finalCheckpoint });
}

/**
 * Kueue admits the pods of a group all or none. Its members are not replaced one by one: the group ends as a
 * whole, gives its quota back, and JobSet starts it again.
 */
function group({ name, world }: Run) {
  if (world.nodes === 1) return { labels: {}, annotations: {} };
  return {
    labels: { "kueue.x-k8s.io/pod-group-name": name },
    annotations: {
      "kueue.x-k8s.io/pod-group-total-count": String(world.nodes),
      "kueue.x-k8s.io/retriable-in-group": "false",
    },
  };
}

function nodePatch(run: Run, identity: Identity, { queue, priority }: { queue: string; priority: string }): ReplicatedJobPatch {
  const { labels, annotations } = group(run);
  return {
    name: nodeJob,
    template: {
      spec: {
        template: {
          metadata: {
            labels: { ...labelsOf(identity), [queueLabel]: queue, [priorityLabel]: priority, ...labels },
            annotations: { ...annotationsOf(identity), ...annotations },
          },
        },
      },
    },
  };
}

function awaitPatch(run: Run, identity: Identity): ReplicatedJobPatch {
  const [corpus, model] = awaitVariables;
  // tokens are made of the corpus, so they are there after it
  const env = environment({ [corpus]: run.tokenised ?? run.corpus, [model]: run.model });
  return {
    name: awaitCorpusJob,
    template: {
      spec: {
        template: {
          metadata: { labels: labelsOf(identity), annotations: annotationsOf(identity) },
          spec: { containers: [{ name: awaitContainer, env }] },
        },
      },
    },
  };
}

/** The TrainJob of a run. It is not queued itself: the pods of its nodes are, once the corpus is there. */
export function trainJob(run: Run, { config, cluster, priority }: Place): TrainJobManifest {
  const { id, slug } = run.cell;
  const identity: Identity = { stack: config.stack, step: "train", cell: { id, slug, run: run.name } };
  return {
    apiVersion: "trainer.kubeflow.org/v1alpha1",
    kind: "TrainJob",
    metadata: runMetadata(run.name, cluster.namespace, identity),
    spec: {
      runtimeRef: { apiGroup: "trainer.kubeflow.org", kind: "ClusterTrainingRuntime", name: cluster.runtime },
      trainer: {
        image: run.image,
        env: environment({ ...nodeEnvironment, MIXCPT_SPEC: specOf(run, cluster) }),
        numNodes: run.world.nodes,
        numProcPerNode: run.world.processesPerNode,
        resourcesPerNode: resourceRequirements({ ...nodeSize(cluster.hardware, nodeMemoryGiB(run)), devices: config.hardware.devicesPerNode }),
      },
      runtimePatches: [
        {
          manager: patchManager,
          trainingRuntimeSpec: {
            template: {
              metadata: { labels: labelsOf(identity), annotations: annotationsOf(identity) },
              spec: {
                replicatedJobs: [awaitPatch(run, identity), nodePatch(run, identity, { queue: cluster.queues.gpu, priority })],
              },
            },
          },
        },
      ],
    },
  };
}
