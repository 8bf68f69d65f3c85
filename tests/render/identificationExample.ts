/** The evaluation of a cell of docs/adding.md whose translations have their language identified. */
import { buildProvisionalExperiment, parseFamilyConfig } from "../../jobs/experiment/index.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { addedStackValues, identificationBenchmarkValues } from "../support/addedStack.ts";
import type { RenderedManifest } from "./renderedManifests.ts";

/** Builds the downloads of the stack, that of the identifying model among them, and the JobSet of the first cell. */
export function buildIdentificationManifests(): RenderedManifest[] {
  const values = { ...addedStackValues, ...identificationBenchmarkValues };
  const config = parseFamilyConfig({ stack: "qwen-2.5", file: "Pulumi.qwen-2.5.yaml", values });
  const { shared, cells } = buildProvisionalExperiment(config, gpuCluster);
  return [...shared, ...cells.slice(0, 1).map(({ evaluate }) => evaluate)];
}
