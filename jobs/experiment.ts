import type { CellExperiment, Experiment } from "./cellExperiment.ts";
import { fitProblems } from "./fit.ts";
import type { RunManifest } from "./kube/manifests.ts";
import type { ClusterOutputs } from "./kube/outputs.ts";
import type { CorporaConfig, Problem, StackConfig, StackFile } from "./matrix/index.ts";
import { ConfigError, families, parseConfig } from "./matrix/index.ts";
import { planMiniature } from "./miniature.ts";
import { pinProblems } from "./pins.ts";
import { reachProblems } from "./reach.ts";
import { planCorpora, planFamily } from "./study.ts";
import { recipeRules } from "./train/index.ts";

export type { CellExperiment, Experiment };

/**
 * Reads the configuration of any stack.
 * @throws ConfigError with all problems of the file.
 */
export function anyStackConfig(file: StackFile): StackConfig | CorporaConfig {
  return parseConfig(file, recipeRules);
}

/**
 * Reads the configuration of a family's stack.
 * @throws ConfigError with all problems of the file, or because it is the corpora's.
 */
export function stackConfig(file: StackFile): StackConfig {
  const config = anyStackConfig(file);
  if (config.kind === "family") return config;
  const message = "this stack makes the corpora; a stack with cells has the kind family";
  throw new ConfigError(file.file, [{ rule: "not-allowed", path: "mixcpt:kind", value: config.kind, message }]);
}

function problemsOn(config: StackConfig | CorporaConfig, cluster: ClusterOutputs): Problem[] {
  const pins = pinProblems(config);
  return config.kind === "corpora" ? pins : [...fitProblems(config, cluster), ...pins, ...reachProblems(config)];
}

/** The cluster as a stack sees it: its GPU pods wait in the queue that it names. */
function withQueue(cluster: ClusterOutputs, { queue }: StackConfig): ClusterOutputs {
  return { ...cluster, queues: { ...cluster.queues, gpu: queue } };
}

/**
 * What a stack submits to a cluster.
 * @throws ConfigError if the cluster lacks what the stack asks for, or the stack leaves open what it is made of.
 */
export function planExperiment(config: StackConfig | CorporaConfig, cluster: ClusterOutputs): Experiment {
  const problems = problemsOn(config, cluster);
  if (problems.length > 0) throw new ConfigError(`Stack ${config.stack} on this cluster`, problems);
  if (config.kind === "corpora") return planCorpora(config, cluster);
  const { base } = families[config.family];
  const seen = withQueue(cluster, config);
  return base === undefined ? planMiniature(config, seen) : planFamily(config, base, seen);
}

/** The manifests of a stack in the order of submission: what is shared, then cell by cell data, train, evaluate. */
export function renderStack(config: StackConfig | CorporaConfig, cluster: ClusterOutputs): RunManifest[] {
  const { shared, cells: planned } = planExperiment(config, cluster);
  return [...shared, ...planned.flatMap(({ data, train, evaluate }) => [data, train, evaluate])];
}
