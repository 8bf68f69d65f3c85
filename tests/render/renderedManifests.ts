import type { PodSpec, PodTemplateSpec } from "kubernetes-types/core/v1.js";
import { loadAll } from "js-yaml";
import { readClusterConfig } from "../../cli/cluster/readClusterConfig.ts";
import { deriveClusterOutputs } from "../../cli/plan/deriveClusterOutputs.ts";
import { loadFamilyConfig } from "../../cli/plan/loadStackConfig.ts";
import { listDeclaredStacks } from "../../cli/engine/stackDeclarations.ts";
import { placeholderImages, renderStackFiles } from "../../cli/render/renderStackFiles.ts";
import { getDataJobShare } from "../../infra/clusterHardware.ts";
import { buildQueueGuard } from "../../infra/platform/queueGuard.ts";
import { buildProvisionalExperiment } from "../../jobs/experiment/index.ts";
import type { TrainingRuntimeManifest, RunManifest } from "../../jobs/kube/manifestTypes.ts";
import { emulatedCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { buildQueues } from "../../jobs/kube/queues.ts";
import { buildTrainingRuntime } from "../../jobs/kube/trainingRuntime.ts";

/** All experiments stacks of this repository. */
export const declaredExperimentStacks = listDeclaredStacks("mixcpt");

export const familyStacks = ["llama-2", "llama-3.1", "viking"] as const;

export type RenderedManifest = RunManifest | TrainingRuntimeManifest;

const filesByStack = Object.fromEntries(
  declaredExperimentStacks.map((stack) => [stack, renderStackFiles(stack)] as const),
);
const manifestsByStack = Object.fromEntries(
  declaredExperimentStacks.map(
    (stack) =>
      [
        stack,
        [...(filesByStack[stack]?.values() ?? [])].flatMap((text) => loadAll(text) as RenderedManifest[]),
      ] as const,
  ),
);

/** The files that `mixcpt render` writes for a stack, by name. */
export function getRenderedFiles(stack: string): ReadonlyMap<string, string> {
  return filesByStack[stack] ?? new Map();
}

/** All manifests of a stack, read from its files with a YAML library other than the one that wrote them. */
export function getRenderedManifests(stack: string): RenderedManifest[] {
  return manifestsByStack[stack] ?? [];
}

/** The pod templates of a manifest; those of a TrainJob are in its runtime. */
export function listPodTemplates(manifest: RenderedManifest): PodTemplateSpec[] {
  switch (manifest.kind) {
    case "Job":
      return [manifest.spec.template];
    case "JobSet":
      return manifest.spec.replicatedJobs.map(({ template }) => template.spec.template);
    case "ClusterTrainingRuntime":
    case "TrainingRuntime":
      return manifest.spec.template.spec.replicatedJobs.map(({ template }) => template.spec.template);
    default:
      return [];
  }
}

export function getPodSpec({ spec }: PodTemplateSpec): PodSpec {
  return spec as PodSpec;
}

/** Builds the objects that experiments need on their cluster: queues and the training runtime. */
export function buildPlatformManifests(): { kind: string; metadata: { name: string } }[] {
  const { hardware, namespace, pods } = emulatedCluster;
  return [
    ...buildQueueGuard(emulatedCluster),
    ...buildQueues({ namespace, hardware, pods, cpu: getDataJobShare(readClusterConfig("dev")) }),
    buildTrainingRuntime(emulatedCluster),
  ];
}

/** Builds the LLaMA-Factory recipes of the study's 36 cells, by cell. */
export function buildStudyRecipes(): Record<string, object> {
  const cells = familyStacks.flatMap((stack) => {
    const config = loadFamilyConfig(stack);
    return buildProvisionalExperiment(config, deriveClusterOutputs(config, { images: placeholderImages })).cells;
  });
  return Object.fromEntries(
    cells.map(({ cell, run }) => [cell.id, run.recipe] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
