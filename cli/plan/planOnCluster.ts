import { checkHubSettings } from "../../jobs/lint/refusals/hubSettings.ts";
import type { Experiment } from "../../jobs/experiment/index.ts";
import { buildProvisionalExperiment } from "../../jobs/experiment/index.ts";
import type { ClusterOutputs } from "../../jobs/kube/clusterOutputs.ts";
import type { CorporaConfig, FamilyConfig } from "../../jobs/config/index.ts";
import { dataRepositories } from "../../jobs/matrix/index.ts";
import { getStackFamily } from "../../jobs/config/index.ts";
import type { LintFinding, StackPlan } from "../../jobs/plan/index.ts";
import {
  buildCellFacts,
  buildBasePlan,
  buildCellPlan,
  buildMixturePlan,
  buildStackPlan,
} from "../../jobs/plan/index.ts";
import { checkDeclaredCorpora } from "./checkDeclaredCorpora.ts";
import { listDeclaredStacks } from "../engine/stackDeclarations.ts";
import { deriveClusterOutputs } from "./deriveClusterOutputs.ts";
import { loadStackConfig } from "./loadStackConfig.ts";

/** A stack's plan, and the cluster it is for. */
export interface PlanOnCluster {
  readonly plan: StackPlan;
  /** Stack of infra/. */
  readonly cluster: string;
  readonly emulated: boolean;
  /** Nothing says how many nodes there are: neither a file of infra/ nor whoever asked. */
  readonly nodesAssumed?: boolean;
  readonly experiment: Experiment;
}

const repositoryPurposes: Readonly<Record<string, string>> = {
  [dataRepositories.monolingual]: "monolingual text",
  [dataRepositories.code]: "code",
  [dataRepositories.languageModel]: "tells languages apart",
  [dataRepositories.tokenizer]: "its tokenizer counts",
};

function describePurpose(repository: string, config: FamilyConfig | CorporaConfig): string {
  const isModel = config.kind === "family" && getStackFamily(config).base?.repository === repository;
  return [isModel ? "the model" : [], repositoryPurposes[repository] ?? []].flat().join("; ");
}

/** What is left open, commits in one finding. */
function listOpenFindings(config: FamilyConfig | CorporaConfig, ids: readonly string[]): LintFinding[] {
  const problems = checkHubSettings(config);
  const open = problems
    .filter(({ rule }) => rule === "not-pinned")
    .map(({ path }) => path.replace("mixcpt:revisions.", ""));
  const unpinned = `no commit is given, and a branch would move; write one of each into mixcpt:revisions: ${open.map((name) => `${name} (${describePurpose(name, config)})`).join(", ")}`;
  const others = problems
    .filter(({ rule }) => rule !== "not-pinned")
    .map(({ rule, path, message }) => ({ rule, message: `${path}: ${message}` }));
  return [...(open.length > 0 ? [{ rule: "not-pinned", message: unpinned }] : []), ...others].map((one) => ({
    ...one,
    severity: "error",
    cells: ids,
  }));
}

function buildCellsPlan(
  config: FamilyConfig,
  { bases, cells }: Experiment,
  { hardware: { nodes } }: ClusterOutputs,
): StackPlan {
  const { stack, family, protocol, price, hardware } = config;
  const { parameters } = getStackFamily(config).shape;
  return buildStackPlan({
    stack,
    product: { kind: "cells", family, protocol },
    nodes,
    ...(price === undefined ? {} : { price }),
    cells: cells.map((cell) => buildCellPlan(buildCellFacts(cell, config))),
    bases: bases.map(({ evaluation }) => buildBasePlan(evaluation, parameters, hardware.gpu)),
    mixtures: [],
    openFindings: listOpenFindings(
      config,
      cells.map(({ cell }) => cell.id),
    ),
  });
}

function buildMixturesPlan(
  config: CorporaConfig,
  experiment: Experiment,
  { hardware: { nodes } }: ClusterOutputs,
): StackPlan {
  const mixtures = experiment.mixtures.map(buildMixturePlan);
  return buildStackPlan({
    stack: config.stack,
    product: { kind: "mixtures" },
    nodes,
    cells: [],
    bases: [],
    mixtures,
    openFindings: listOpenFindings(
      config,
      mixtures.map(({ id }) => id),
    ),
  });
}

/** Plans a stack on the cluster that it will find. */
export function buildPlanOnCluster(config: FamilyConfig | CorporaConfig, cluster: ClusterOutputs): PlanOnCluster {
  const experiment = buildProvisionalExperiment(config, cluster);
  const plan =
    config.kind === "corpora"
      ? buildMixturesPlan(config, experiment, cluster)
      : buildCellsPlan(config, experiment, cluster);
  return { plan, cluster: config.cluster, emulated: cluster.hardware.emulated, experiment };
}

/**
 * Plans a stack from the files of this checkout.
 * @param nodes of the cluster, in place of those that infra/ declares
 * @throws ConfigError with all problems of the stack's file
 */
export function buildPlanFromFiles(stack: string, nodes?: number): PlanOnCluster {
  const config = loadStackConfig(stack);
  const cluster = deriveClusterOutputs(config, { nodes });
  const { plan, ...rest } = buildPlanOnCluster(config, cluster);
  const assumed = nodes === undefined && !listDeclaredStacks("mixcpt-infra").includes(config.cluster);
  return {
    ...rest,
    plan: { ...plan, openFindings: [...plan.openFindings, ...checkDeclaredCorpora(config, cluster)] },
    nodesAssumed: assumed,
  };
}
