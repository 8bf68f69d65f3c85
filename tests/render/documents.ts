import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse, stringify } from "yaml";
import { renderStack, stackConfig } from "../../jobs/experiment.ts";
import type { RunManifest } from "../../jobs/kube/manifests.ts";
import { emulatedCluster } from "../../jobs/kube/outputs.fixture.ts";
import { queues } from "../../jobs/kube/queues.ts";
import { trainingRuntime } from "../../jobs/kube/trainingRuntime.ts";

/** What a stack file of this repository submits to the emulated cluster. */
export function renderedStack(stack: string): RunManifest[] {
  const file = `Pulumi.${stack}.yaml`;
  const { config } = parse(readFileSync(resolve(file), "utf8")) as { config: Record<string, unknown> };
  return renderStack(stackConfig({ stack, file, values: config }), emulatedCluster);
}

/** What the experiments need of their cluster: queues and the training runtime. */
export function renderedPlatform(): { kind: string; metadata: { name: string } }[] {
  const { hardware, images, namespace, runtime, store } = emulatedCluster;
  return [
    ...queues({ namespace, hardware, cpu: { cores: 2, memoryGiB: 8 } }),
    trainingRuntime({ name: runtime, image: images.llamaFactory, store, hardware }),
  ];
}

/** YAML documents, one per manifest, every value written out. */
export function yamlOf(manifests: readonly object[]): string {
  return manifests.map((manifest) => `---\n${stringify(manifest, { aliasDuplicateObjects: false, lineWidth: 0 })}`).join("");
}
