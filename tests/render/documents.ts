import type { PodSpec, PodTemplateSpec } from "kubernetes-types/core/v1.js";
import { loadAll } from "js-yaml";
import { renderedFiles } from "../../cli/render/files.ts";
import type { ClusterTrainingRuntimeManifest, RunManifest } from "../../jobs/kube/manifests.ts";
import { emulatedCluster } from "../../jobs/kube/outputs.fixture.ts";
import { queues } from "../../jobs/kube/queues.ts";
import { trainingRuntime } from "../../jobs/kube/trainingRuntime.ts";

/** Stacks whose manifests are committed. */
export const stacks = ["dev", "llama-2", "llama-3.1", "viking", "corpora"] as const;

export type Rendered = RunManifest | ClusterTrainingRuntimeManifest;

/** All manifests of a stack, read back from its files by another YAML reader than the one that wrote them. */
export function manifestsIn(stack: string): Rendered[] {
  return [...renderedFiles(stack).values()].flatMap((text) => loadAll(text) as Rendered[]);
}

/** What a manifest makes pods from. A TrainJob's are those of its runtime. */
export function templatesOf(manifest: Rendered): PodTemplateSpec[] {
  switch (manifest.kind) {
    case "Job":
      return [manifest.spec.template];
    case "JobSet":
      return manifest.spec.replicatedJobs.map(({ template }) => template.spec.template);
    case "ClusterTrainingRuntime":
      return manifest.spec.template.spec.replicatedJobs.map(({ template }) => template.spec.template);
    default:
      return [];
  }
}

export const podOf = ({ spec }: PodTemplateSpec): PodSpec => spec as PodSpec;

/** What the experiments need of their cluster: queues and the training runtime. */
export function renderedPlatform(): { kind: string; metadata: { name: string } }[] {
  const { hardware, images, namespace, runtime, store } = emulatedCluster;
  return [
    ...queues({ namespace, hardware, cpu: { cores: 2, memoryGiB: 8 } }),
    trainingRuntime({ name: runtime, image: images.llamaFactory, store, hardware }),
  ];
}
