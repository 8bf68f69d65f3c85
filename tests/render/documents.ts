import { readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { renderedFiles, yamlOf } from "../../cli/render/files.ts";
import type { Experiment } from "../../jobs/experiment.ts";
import { anyStackConfig, manifestsOf, sketchExperiment } from "../../jobs/experiment.ts";
import type { RunManifest } from "../../jobs/kube/manifests.ts";
import { emulatedCluster, gpuCluster } from "../../jobs/kube/outputs.fixture.ts";
import { queues } from "../../jobs/kube/queues.ts";
import { trainingRuntime } from "../../jobs/kube/trainingRuntime.ts";
import type { CorporaConfig, StackConfig } from "../../jobs/matrix/index.ts";

/** Every stack file of this repository. */
export const stacks = readdirSync(resolve(".")).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();

export const familyStacks = ["llama-2", "llama-3.1", "viking"] as const;

export function configOf(stack: string): StackConfig | CorporaConfig {
  const file = `Pulumi.${stack}.yaml`;
  const { config } = parse(readFileSync(resolve(file), "utf8")) as { config: Record<string, unknown> };
  return anyStackConfig({ stack, file, values: config });
}

/** What a stack submits: the miniature to the emulated cluster, all others to twelve of the paper's nodes. Images have made-up names. */
export function experimentOf(stack: string): Experiment {
  const config = configOf(stack);
  const emulated = config.kind === "family" && config.protocol === "miniature";
  return sketchExperiment(config, emulated ? emulatedCluster : gpuCluster);
}

export const renderedStack = (stack: string): RunManifest[] => manifestsOf(experimentOf(stack));

/** What the experiments need of their cluster: queues and the training runtime. */
export function renderedPlatform(): { kind: string; metadata: { name: string } }[] {
  const { hardware, images, namespace, runtime, store } = emulatedCluster;
  return [
    ...queues({ namespace, hardware, cpu: { cores: 2, memoryGiB: 8 } }),
    trainingRuntime({ name: runtime, image: images.llamaFactory, store, hardware }),
  ];
}

/** The recipes of the study's 36 cells, as LLaMA-Factory reads them. */
export function studyRecipes(): Record<string, object> {
  const cells = familyStacks.flatMap((stack) => experimentOf(stack).cells);
  return Object.fromEntries(cells.map(({ cell, run }) => [cell.id, run.recipe] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** All files of tests/rendered by their path in it. */
export function everyFile(): Map<string, string> {
  const ofStacks = stacks.flatMap((stack) => [...renderedFiles(experimentOf(stack))].map(([name, text]) => [`${stack}/${name}`, text] as const));
  return new Map([...ofStacks, ["platform.yaml", yamlOf(renderedPlatform())] as const, ["recipes.yaml", yamlOf([{ recipes: studyRecipes() }])] as const]);
}

export { yamlOf };
