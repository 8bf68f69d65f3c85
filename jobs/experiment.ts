import type { BaseExperiment } from "./baseExperiment.ts";
import type { CellExperiment, Experiment, MixtureExperiment } from "./cellExperiment.ts";
import { planned } from "./cellExperiment.ts";
import { fitProblems } from "./checks/fit.ts";
import type { RunManifest } from "./kube/manifests.ts";
import { trainingPriority } from "./kube/priorities.ts";
import type { ClusterOutputs } from "./kube/outputs.ts";
import type { CommonConfig, CorporaConfig, Problem, StackConfig, StackFile } from "./matrix/index.ts";
import { ConfigError, familyOf, parseConfig } from "./matrix/index.ts";
import { memoryProblems } from "./checks/memory.ts";
import { planMiniature } from "./miniature.ts";
import { pinProblems } from "./checks/pins.ts";
import { inSubmissionOrder } from "./plan/index.ts";
import { reachProblems } from "./checks/reach.ts";
import { removalProblems } from "./checks/removal.ts";
import { planCorpora, planFamily } from "./study.ts";
import { recipeRules } from "./train/index.ts";
import { withCommits } from "./undecided.ts";

export type { BaseExperiment, CellExperiment, Experiment, MixtureExperiment };

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

/** The cluster as a stack sees it: its GPU pods wait in the queue that it names. */
function withQueue(cluster: ClusterOutputs, { queue }: StackConfig): ClusterOutputs {
  return { ...cluster, queues: { ...cluster.queues, gpu: queue } };
}

function refuse({ stack }: CommonConfig, problems: readonly Problem[]): void {
  if (problems.length > 0) throw new ConfigError(`Pulumi.${stack}.yaml, on this cluster,`, problems);
}

const sizeProblems = (config: StackConfig, cluster: ClusterOutputs): Problem[] => [...fitProblems(config, cluster), ...reachProblems(config), ...removalProblems(config)];

/** Cells of a family, where nothing is refused. */
function familyExperiment(config: StackConfig, cluster: ClusterOutputs): Experiment {
  const { base } = familyOf(config);
  const seen = withQueue(cluster, config);
  const { cells, ...rest } = base === undefined ? planMiniature(config, seen) : planFamily(config, base, seen);
  const ordered = inSubmissionOrder(cells, { config, nodes: cluster.hardware.nodes });
  return { ...rest, cells: ordered.map((cell, rank) => planned(cell, { config, cluster: seen, priority: trainingPriority(rank, ordered.length) })) };
}

/**
 * What a stack would submit, to be read and priced: names are those of `planExperiment` only where no problem is open.
 * @throws ConfigError if the cluster lacks what the stack asks for
 */
export function sketchExperiment(config: StackConfig | CorporaConfig, cluster: ClusterOutputs): Experiment {
  if (config.kind === "corpora") return planCorpora(withCommits(config), cluster);
  refuse(config, sizeProblems(config, cluster));
  return familyExperiment(withCommits(config), cluster);
}

/**
 * What a stack submits to a cluster.
 * @throws ConfigError if the cluster lacks what the stack asks for, or the stack leaves open what it is made of.
 */
export function planExperiment(config: StackConfig | CorporaConfig, cluster: ClusterOutputs): Experiment {
  refuse(config, [...(config.kind === "family" ? [...sizeProblems(config, cluster), ...memoryProblems(config)] : []), ...pinProblems(config)]);
  return config.kind === "corpora" ? planCorpora(config, cluster) : familyExperiment(config, cluster);
}

/** What an experiment submits, in that order: what is shared, mixtures, base models, then cell by cell data, train, evaluate. */
export function manifestsOf({ shared, mixtures, bases, cells }: Experiment): RunManifest[] {
  return [...shared, ...mixtures.map(({ corpus }) => corpus.job), ...bases.map(({ evaluate }) => evaluate), ...cells.flatMap(({ data, train, evaluate }) => [data, train, evaluate])];
}
