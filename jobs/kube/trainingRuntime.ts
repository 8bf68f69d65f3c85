import type { ClusterHardware } from "./clusterOutputs.ts";
import { listDeviceIds } from "./clusterOutputs.ts";
import { awaitCommand, awaitResources } from "./awaitJob.ts";
import { buildGroupFailurePolicy, groupRestartPolicy } from "./failurePolicies.ts";
import { partOfLabel } from "./objectLabels.ts";
import type { ClusterTrainingRuntimeManifest, ReplicatedJob } from "./manifestTypes.ts";
import type { PodResources, StoreVolume } from "./restrictedPod.ts";
import { buildRestrictedPod } from "./restrictedPod.ts";

/** Names in the runtime that a TrainJob patches. Kubeflow Trainer defines the meaning of "node". */
export const awaitCorpusJobName = "await-corpus";
export const awaitContainerName = "await";
export const nodeJobName = "node";

/** Variables with the paths that the await-corpus job of a TrainJob waits for. */
export const awaitVariables = ["MIXCPT_AWAIT_CORPUS", "MIXCPT_AWAIT_MODEL"] as const;

const trainCommand = "mixcpt-train";

/** Selects CPU and memory of a training node. A TrainJob passes the memory that its model needs. */
export function selectNodeResources({ emulated }: ClusterHardware, memoryGiB = 64): PodResources {
  return emulated ? { cpu: "500m", memory: "2Gi" } : { cpu: "8", memory: `${String(memoryGiB)}Gi` };
}

interface TrainingRuntimeInput {
  readonly name: string;
  /** Reference of the llama-factory image. */
  readonly image: string;
  readonly store: StoreVolume;
  readonly hardware: ClusterHardware;
}

function buildAwaitCorpusJob({ image, store }: TrainingRuntimeInput): ReplicatedJob {
  return {
    name: awaitCorpusJobName,
    template: {
      spec: {
        backoffLimit: 6,
        template: {
          spec: buildRestrictedPod({
            name: awaitContainerName,
            image,
            command: [awaitCommand],
            args: awaitVariables.map((variable) => `$(${variable})`),
            resources: awaitResources,
            store,
          }),
        },
      },
    },
  };
}

function buildNodeJob({ image, store, hardware }: TrainingRuntimeInput): ReplicatedJob {
  return {
    name: nodeJobName,
    dependsOn: [{ name: awaitCorpusJobName, status: "Complete" }],
    template: {
      metadata: { labels: { "trainer.kubeflow.org/trainjob-ancestor-step": "trainer" } },
      spec: {
        backoffLimit: 0,
        podFailurePolicy: buildGroupFailurePolicy(nodeJobName),
        template: {
          spec: {
            ...buildRestrictedPod({
              name: nodeJobName,
              image,
              command: [trainCommand],
              resources: selectNodeResources(hardware),
              store,
              deviceIds: listDeviceIds(hardware),
              sharedMemory: hardware.emulated ? "128Mi" : "16Gi",
              ...(hardware.deviceGroups !== undefined && { groups: hardware.deviceGroups }),
            }),
            terminationGracePeriodSeconds: 60,
          },
        },
      },
    },
  };
}

/**
 * Builds the runtime of all TrainJobs: it first waits for the corpus without holding a GPU, then trains. Its Torch
 * policy sets PET_* in the container "node".
 */
export function buildTrainingRuntime(input: TrainingRuntimeInput): ClusterTrainingRuntimeManifest {
  return {
    apiVersion: "trainer.kubeflow.org/v1alpha1",
    kind: "ClusterTrainingRuntime",
    metadata: { name: input.name, labels: { [partOfLabel]: "mixcpt" } },
    spec: {
      mlPolicy: { numNodes: 1, torch: {} },
      template: {
        spec: { failurePolicy: groupRestartPolicy, replicatedJobs: [buildAwaitCorpusJob(input), buildNodeJob(input)] },
      },
    },
  };
}
