import type { Problem } from "../../validation/problems.ts";
import { ConfigError } from "../../validation/problems.ts";
import type { CommonConfig, EvaluationConfig, FamilyConfig, StackConfig } from "../config/index.ts";
import { fillModelRevisions, fillPlaceholderRevisions, getStackFamily } from "../config/index.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import type { RunManifest } from "../kube/manifestTypes.ts";
import { selectTrainingPriority } from "../kube/priorities.ts";
import { checkCheckpointCount, checkCheckpointsReached } from "../lint/refusals/evaluatedCheckpoints.ts";
import {
  checkClusterHardware,
  checkDeviceMemory,
  checkEvaluationMemory,
  checkModelsMemory,
} from "../lint/refusals/hardwareFit.ts";
import { checkDistinctRuns } from "../lint/refusals/distinctRuns.ts";
import { checkExecution } from "../lint/refusals/execution.ts";
import { checkHubSettings } from "../lint/refusals/hubSettings.ts";
import { checkTrainingPods } from "../lint/refusals/trainingPods.ts";
import type { CellExperiment, Experiment } from "./cellExperiment.ts";
import { buildCellExperiment, ownsData } from "./cellExperiment.ts";
import { buildEvaluationExperiment } from "./evaluationExperiment.ts";
import { buildMiniatureDraft } from "./miniatureExperiment.ts";
import { sortForSubmission } from "./sortForSubmission.ts";
import { buildCorporaExperiment, buildFamilyDraft } from "./studyExperiment.ts";

/** Returns the cluster as a stack uses it: the stack's queue, if it names one, takes the place of the GPU queue. */
function assignGpuQueue(cluster: ClusterOutputs, { queue }: Pick<FamilyConfig, "queue">): ClusterOutputs {
  return queue === undefined ? cluster : { ...cluster, queues: { ...cluster.queues, gpu: queue } };
}

/** Builds the experiment of a stack that evaluates models without training, without any checks. */
function buildModelsExperiment(config: EvaluationConfig, cluster: ClusterOutputs): Experiment {
  return buildEvaluationExperiment(config, assignGpuQueue(cluster, config));
}

function throwOnProblems({ stack }: CommonConfig, problems: readonly Problem[]): void {
  if (problems.length > 0) throw new ConfigError(`Pulumi.${stack}.yaml, on this cluster,`, problems);
}

function checkClusterAndRecipes(config: FamilyConfig, cluster: ClusterOutputs): Problem[] {
  return [
    ...checkClusterHardware(config, cluster),
    ...checkExecution(config),
    ...checkDistinctRuns(config),
    ...checkTrainingPods(config, cluster),
    ...checkCheckpointCount(config),
    ...checkCheckpointsReached(config),
  ];
}

/** Builds the experiment of a family without any checks. */
function buildFamilyExperiment(config: FamilyConfig, cluster: ClusterOutputs): Experiment {
  const { base } = getStackFamily(config);
  const clusterWithQueue = assignGpuQueue(cluster, config);
  const draft =
    base === undefined
      ? buildMiniatureDraft(config, clusterWithQueue)
      : buildFamilyDraft(config, base, clusterWithQueue);
  const sortedCells = sortForSubmission(draft, {
    config: { ...config, network: cluster.hardware.network, serving: cluster.serving },
    nodes: cluster.hardware.nodes,
  });
  const dataOwners = new Map(sortedCells.toReversed().map(({ run, dataArtifact }) => [dataArtifact.path, run.cell]));
  return {
    ...draft,
    cells: sortedCells.map((draft, rank) => {
      const priority = selectTrainingPriority(rank, sortedCells.length);
      const dataOwner = dataOwners.get(draft.dataArtifact.path) ?? draft.run.cell;
      return buildCellExperiment({ ...draft, dataOwner }, { config, cluster: clusterWithQueue, priority });
    }),
  };
}

/**
 * Builds the experiment of a stack for display and estimates. Placeholders stand for missing commits, so the names
 * equal those of `buildExperiment` only if no commit is missing.
 * @throws ConfigError if the cluster lacks something that the stack requests
 */
export function buildProvisionalExperiment(config: StackConfig, cluster: ClusterOutputs): Experiment {
  if (config.kind === "corpora") return buildCorporaExperiment(fillPlaceholderRevisions(config), cluster);
  if (config.kind === "evaluation") {
    throwOnProblems(config, checkClusterHardware(config, cluster));
    return buildModelsExperiment(fillModelRevisions(config), cluster);
  }
  throwOnProblems(config, checkClusterAndRecipes(config, cluster));
  return buildFamilyExperiment(fillPlaceholderRevisions(config), cluster);
}

/** Checks that a stack fits on the devices of its cluster. */
function checkHardware(config: StackConfig, cluster: ClusterOutputs): Problem[] {
  if (config.kind === "corpora") return [];
  if (config.kind === "evaluation") return [...checkClusterHardware(config, cluster), ...checkModelsMemory(config)];
  return [...checkClusterAndRecipes(config, cluster), ...checkDeviceMemory(config), ...checkEvaluationMemory(config)];
}

/**
 * Builds the experiment that a stack submits to a cluster.
 * @throws ConfigError if the cluster lacks something that the stack requests, or if hub settings are missing
 */
export function buildExperiment(config: StackConfig, cluster: ClusterOutputs): Experiment {
  throwOnProblems(config, [...checkHardware(config, cluster), ...checkHubSettings(config)]);
  if (config.kind === "corpora") return buildCorporaExperiment(config, cluster);
  return config.kind === "evaluation" ? buildModelsExperiment(config, cluster) : buildFamilyExperiment(config, cluster);
}

/** Lists the manifests of a cell's steps, without a data step that another cell submits. */
export function listCellManifests(experiment: CellExperiment): RunManifest[] {
  const { train, evaluateEarlier, evaluate } = experiment;
  return [...(ownsData(experiment) ? [experiment.data] : []), train, ...evaluateEarlier, evaluate];
}

/**
 * Lists the manifests in the order of submission: shared objects, mixtures, base models, then the steps of each cell.
 */
export function listRunManifests({ shared, mixtures, bases, cells }: Experiment): RunManifest[] {
  return [
    ...shared,
    ...mixtures.map(({ corpus }) => corpus.job),
    ...bases.map(({ evaluate }) => evaluate),
    ...cells.flatMap(listCellManifests),
  ];
}
