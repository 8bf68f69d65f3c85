import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { buildProvisionalExperiment, parseFamilyConfig } from "../../jobs/experiment/index.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { makeScoresConfigMap, makeCellScores } from "../../reporting/sampleStacks.fixture.ts";
import type { StackInput } from "../../reporting/reportModel.ts";

const documentedConfigs = [...readFileSync("docs/adding.md", "utf8").matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, text = ""]) => (load(text) as { config: Record<string, unknown> }).config,
);

/** The configuration of the worked example in docs/adding.md, and the example's other benchmarks. */
export const [
  addedStackValues = {},
  otherBenchmarkValues = {},
  addedBenchmarkValues = {},
  harnessBenchmarkValues = {},
  identificationBenchmarkValues = {},
] = documentedConfigs;

export const addedStackConfig = parseFamilyConfig({
  stack: "qwen-2.5",
  file: "Pulumi.qwen-2.5.yaml",
  values: addedStackValues,
});
export const addedExperiment = buildProvisionalExperiment(addedStackConfig, gpuCluster);

/** Every run of the stack, base models first, with the languages of its evaluation. */
const evaluatedRuns = [...addedExperiment.bases, ...addedExperiment.cells].map(
  ({ evaluation: { subject, benchmarks } }) => ({ subject, languages: benchmarks["sib200"]?.settings.languages ?? [] }),
);

/** Scores that each of these runs could have published. */
export const addedScores = evaluatedRuns.map(({ subject: { id, run }, languages }, index) =>
  makeCellScores({ id, run }, languages, index + 41),
);

/** The stack after all of its runs. */
export const addedStack: StackInput = {
  stack: addedStackConfig.stack,
  matrix: addedStackConfig.matrix,
  cells: addedExperiment.cells.map(({ cell, run }) => ({ id: cell.id, run: run.name })),
  bases: addedExperiment.bases.map(({ evaluation: { subject } }) => ({ id: subject.id, run: subject.run })),
  configMaps: addedScores.map((scores, index) => makeScoresConfigMap(scores, 10 + index)),
  hardware: { gpu: "MI250X", emulated: false, nodes: 2, devices: 16 },
};
