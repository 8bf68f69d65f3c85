import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { sketchExperiment, stackConfig } from "../../jobs/experiment.ts";
import { gpuCluster } from "../../jobs/kube/outputs.fixture.ts";
import { configMapOf, madeUpScores } from "../../jobs/report/report.fixture.ts";
import type { StackInput } from "../../jobs/report/report.ts";

const examples = [...readFileSync("docs/adding.md", "utf8").matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = ""]) => (parse(text) as { config: Record<string, unknown> }).config);

/** The stack of the worked example in docs/adding.md, and the example's other benchmarks, as the page has them. */
export const [values = {}, otherBenchmarks = {}, addedBenchmarks = {}] = examples;

export const config = stackConfig({ stack: "qwen-2.5", file: "Pulumi.qwen-2.5.yaml", values });
export const experiment = sketchExperiment(config, gpuCluster);

/** Every run of the stack, the base model's first, in the languages in which it is evaluated. */
const evaluated = [...experiment.bases, ...experiment.cells].map(({ evaluation: { subject, benchmarks } }) => ({ subject, languages: benchmarks["sib200"]?.settings.languages ?? [] }));

/** What each of them could have published. */
export const addedScores = evaluated.map(({ subject: { id, run }, languages }, index) => madeUpScores({ id, run }, languages, index + 41));

/** The stack once all of it has run. */
export const addedStack: StackInput = {
  stack: config.stack,
  matrix: config.matrix,
  cells: experiment.cells.map(({ cell, run }) => ({ id: cell.id, run: run.name })),
  bases: experiment.bases.map(({ evaluation: { subject } }) => ({ id: subject.id, run: subject.run })),
  configMaps: addedScores.map((scores, index) => configMapOf(scores, 10 + index)),
  hardware: { gpu: "MI250X", emulated: false, nodes: 2, devices: 16 },
};
