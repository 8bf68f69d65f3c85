import type { BaseExperiment } from "./baseExperiment.ts";
import type { CellExperiment, Experiment, MixtureExperiment } from "./cellExperiment.ts";
import { buildCellExperiment } from "./cellExperiment.ts";
import { checkClusterHardware } from "../lint/refusals/hardwareFit.ts";
import type { RunManifest } from "../kube/manifestTypes.ts";
import { selectTrainingPriority } from "../kube/priorities.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import type { Problem } from "../../validation/problems.ts";
import type { CommonConfig, CorporaConfig, FamilyConfig, StackFile } from "../config/index.ts";
import { ConfigError } from "../../validation/problems.ts";
import { getStackFamily, parseStackFile } from "../config/index.ts";
import { checkDeviceMemory } from "../lint/refusals/hardwareFit.ts";
import { buildMiniatureDraft } from "./miniatureExperiment.ts";
import { checkHubSettings } from "../lint/refusals/hubSettings.ts";
import { sortForSubmission } from "./sortForSubmission.ts";
import { checkCheckpointsReached } from "../lint/refusals/evaluatedCheckpoints.ts";
import { checkCheckpointsKept } from "../lint/refusals/evaluatedCheckpoints.ts";
import { buildCorporaExperiment, buildFamilyDraft } from "./studyExperiment.ts";
import { recipeRules } from "../train/index.ts";
import { fillPlaceholderRevisions } from "./placeholderRevision.ts";

export type { BaseExperiment, CellExperiment, Experiment, MixtureExperiment };

/**
 * Reads the configuration of any stack.
 * @throws ConfigError with all problems of the file.
 */
export function parseStackConfig(file: StackFile): FamilyConfig | CorporaConfig {
  return parseStackFile(file, recipeRules);
}

/**
 * Reads the configuration of a family's stack.
 * @throws ConfigError with all problems of the file, or because it is the corpora's.
 */
export function parseFamilyConfig(file: StackFile): FamilyConfig {
  const config = parseStackConfig(file);
  if (config.kind === "family") return config;
  const message = "this stack makes the corpora; a stack with cells has the kind family";
  throw new ConfigError(file.file, [{ rule: "not-allowed", path: "mixcpt:kind", value: config.kind, message }]);
}

/** The cluster as a stack sees it: its GPU pods wait in the queue that it names. */
function assignGpuQueue(cluster: ClusterOutputs, { queue }: FamilyConfig): ClusterOutputs {
  return { ...cluster, queues: { ...cluster.queues, gpu: queue } };
}

function throwOnProblems({ stack }: CommonConfig, problems: readonly Problem[]): void {
  if (problems.length > 0) throw new ConfigError(`Pulumi.${stack}.yaml, on this cluster,`, problems);
}

function checkClusterAndCheckpoints(config: FamilyConfig, cluster: ClusterOutputs): Problem[] {
  return [
    ...checkClusterHardware(config, cluster),
    ...checkCheckpointsReached(config),
    ...checkCheckpointsKept(config),
  ];
}

/** Cells of a family, where nothing is refused. */
function buildFamilyExperiment(config: FamilyConfig, cluster: ClusterOutputs): Experiment {
  const { base } = getStackFamily(config);
  const seen = assignGpuQueue(cluster, config);
  const { cells, ...rest } =
    base === undefined ? buildMiniatureDraft(config, seen) : buildFamilyDraft(config, base, seen);
  const ordered = sortForSubmission(cells, { config, nodes: cluster.hardware.nodes });
  return {
    ...rest,
    cells: ordered.map((cell, rank) =>
      buildCellExperiment(cell, { config, cluster: seen, priority: selectTrainingPriority(rank, ordered.length) }),
    ),
  };
}

/**
 * What a stack would submit, to be read and priced: names are those of `planExperiment` only where no problem is open.
 * @throws ConfigError if the cluster lacks what the stack asks for
 */
export function buildProvisionalExperiment(config: FamilyConfig | CorporaConfig, cluster: ClusterOutputs): Experiment {
  if (config.kind === "corpora") return buildCorporaExperiment(fillPlaceholderRevisions(config), cluster);
  throwOnProblems(config, checkClusterAndCheckpoints(config, cluster));
  return buildFamilyExperiment(fillPlaceholderRevisions(config), cluster);
}

/**
 * What a stack submits to a cluster.
 * @throws ConfigError if the cluster lacks what the stack asks for, or the stack leaves open what it is made of.
 */
export function buildExperiment(config: FamilyConfig | CorporaConfig, cluster: ClusterOutputs): Experiment {
  throwOnProblems(config, [
    ...(config.kind === "family" ? [...checkClusterAndCheckpoints(config, cluster), ...checkDeviceMemory(config)] : []),
    ...checkHubSettings(config),
  ]);
  return config.kind === "corpora" ? buildCorporaExperiment(config, cluster) : buildFamilyExperiment(config, cluster);
}

/** What an experiment submits, in that order: what is shared, mixtures, base models, then cell by cell data, train, evaluate. */
export function listRunManifests({ shared, mixtures, bases, cells }: Experiment): RunManifest[] {
  return [
    ...shared,
    ...mixtures.map(({ corpus }) => corpus.job),
    ...bases.map(({ evaluate }) => evaluate),
    ...cells.flatMap(({ data, train, evaluate }) => [data, train, evaluate]),
  ];
}
