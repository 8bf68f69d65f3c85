import type { ClusterHardware } from "./outputs.ts";
import { awaitCommand, awaitResources } from "./await.ts";
import { failTogether, restartTogether } from "./failures.ts";
import { partOfLabel } from "./labels.ts";
import type { ClusterTrainingRuntimeManifest, ReplicatedJob } from "./manifests.ts";
import type { Resources, Store } from "./restrictedPod.ts";
import { restrictedPod } from "./restrictedPod.ts";

/** Names inside the runtime that a TrainJob patches. Kubeflow Trainer gives "node" its meaning. */
export const awaitCorpusJob = "await-corpus";
export const awaitContainer = "await";
export const nodeJob = "node";

/** The paths that a TrainJob makes its await-corpus job wait for. */
export const awaitVariables = ["MIXCPT_AWAIT_CORPUS", "MIXCPT_AWAIT_MODEL"] as const;

const trainCommand = "mixcpt-train";

/** Processor and memory of a training node, beside its devices; a TrainJob says how much memory its model takes. */
export function nodeSize({ emulated }: ClusterHardware, memoryGiB = 64): Resources {
  return emulated ? { cpu: "500m", memory: "2Gi" } : { cpu: "8", memory: `${String(memoryGiB)}Gi` };
}

export interface RuntimeInput {
  name: string;
  /** Reference of the llama-factory image. */
  image: string;
  store: Store;
  hardware: ClusterHardware;
}

function awaitCorpus({ image, store }: RuntimeInput): ReplicatedJob {
  return {
    name: awaitCorpusJob,
    template: {
      spec: {
        backoffLimit: 6,
        template: {
          spec: restrictedPod({
            name: awaitContainer,
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

function node({ image, store, hardware }: RuntimeInput): ReplicatedJob {
  return {
    name: nodeJob,
    dependsOn: [{ name: awaitCorpusJob, status: "Complete" }],
    template: {
      metadata: { labels: { "trainer.kubeflow.org/trainjob-ancestor-step": "trainer" } },
      spec: {
        backoffLimit: 0,
        podFailurePolicy: failTogether(nodeJob),
        template: {
          spec: {
            ...restrictedPod({
              name: nodeJob,
              image,
              command: [trainCommand],
              resources: nodeSize(hardware),
              store,
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
 * The runtime that every TrainJob of this project refers to: first wait for the corpus without holding a GPU,
 * then train. Its Torch policy sets PET_* in the container "node".
 */
export function trainingRuntime(input: RuntimeInput): ClusterTrainingRuntimeManifest {
  return {
    apiVersion: "trainer.kubeflow.org/v1alpha1",
    kind: "ClusterTrainingRuntime",
    metadata: { name: input.name, labels: { [partOfLabel]: "mixcpt" } },
    spec: {
      mlPolicy: { numNodes: 1, torch: {} },
      template: { spec: { failurePolicy: restartTogether, replicatedJobs: [awaitCorpus(input), node(input)] } },
    },
  };
}
