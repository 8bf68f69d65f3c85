import type { PodSpec, PodTemplateSpec } from "kubernetes-types/core/v1.js";
import { loadAll } from "js-yaml";
import { clusterConfig } from "../../cli/cluster/declared.ts";
import { expectedCluster } from "../../cli/plan/expectedCluster.ts";
import { readStackFile } from "../../cli/plan/stackFile.ts";
import { declaredStacks } from "../../cli/engine/declared.ts";
import { placeholderImages, renderedFiles } from "../../cli/render/files.ts";
import { yamlOf } from "../../cli/render/yaml.ts";
import { dataShare } from "../../infra/dataShare.ts";
import { sketchExperiment } from "../../jobs/experiment.ts";
import type { ClusterTrainingRuntimeManifest, RunManifest } from "../../jobs/kube/manifests.ts";
import { emulatedCluster } from "../../jobs/kube/outputs.fixture.ts";
import { queues } from "../../jobs/kube/queues.ts";
import { trainingRuntime } from "../../jobs/kube/trainingRuntime.ts";

/** Every stack file of this repository. */
export const stacks = declaredStacks("mixcpt");

export const familyStacks = ["llama-2", "llama-3.1", "viking"] as const;

export type Rendered = RunManifest | ClusterTrainingRuntimeManifest;

const filesOf = Object.fromEntries(stacks.map((stack) => [stack, renderedFiles(stack)] as const));
const read = Object.fromEntries(stacks.map((stack) => [stack, [...(filesOf[stack]?.values() ?? [])].flatMap((text) => loadAll(text) as Rendered[])] as const));

/** All manifests of a stack, read back from its files by another YAML reader than the one that wrote them. */
export const manifestsIn = (stack: string): Rendered[] => read[stack] ?? [];

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
    ...queues({ namespace, hardware, cpu: dataShare(clusterConfig("dev")) }),
    trainingRuntime({ name: runtime, image: images.llamaFactory, store, hardware }),
  ];
}

/** The recipes of the study's 36 cells, as LLaMA-Factory reads them. */
export function studyRecipes(): Record<string, object> {
  const cells = familyStacks.flatMap((stack) => {
    const config = readStackFile(stack);
    return sketchExperiment(config, expectedCluster(config, { images: placeholderImages })).cells;
  });
  return Object.fromEntries(cells.map(({ cell, run }) => [cell.id, run.recipe] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** All files of tests/rendered by their path in it. */
export function everyFile(): Map<string, string> {
  const ofStacks = Object.entries(filesOf).flatMap(([stack, files]) => [...files].map(([name, text]) => [`${stack}/${name}`, text] as const));
  return new Map([...ofStacks, ["platform.yaml", yamlOf(renderedPlatform())] as const, ["recipes.yaml", yamlOf([{ recipes: studyRecipes() }])] as const]);
}
