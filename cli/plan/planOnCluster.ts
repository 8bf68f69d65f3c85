import { relative } from "node:path/posix";
import { checkHubSettings } from "../../jobs/lint/refusals/hubSettings.ts";
import type { CellExperiment } from "../../jobs/experiment/cellExperiment.ts";
import type { Experiment } from "../../jobs/experiment/index.ts";
import { buildProvisionalExperiment } from "../../jobs/experiment/index.ts";
import type { ClusterOutputs } from "../../jobs/kube/clusterOutputs.ts";
import type { MeasuredRates } from "../../jobs/hardware/clusterRates.ts";
import { selectCellRates } from "../../jobs/hardware/clusterRates.ts";
import type { CorporaConfig, EvaluationConfig, FamilyConfig, StackConfig } from "../../jobs/config/index.ts";
import { dataRepositories } from "../../jobs/matrix/index.ts";
import { getStackFamily, listEvaluatedModels } from "../../jobs/config/index.ts";
import type { CellSettings } from "../../jobs/estimate/index.ts";
import { buildCellFacts } from "../../jobs/estimate/index.ts";
import type { LintFinding } from "../../jobs/lint/warnings/lintRule.ts";
import type { StackPlan } from "../../jobs/plan/index.ts";
import {
  buildBasePlan,
  buildCellPlan,
  buildMixturePlan,
  buildModelPlan,
  buildStackPlan,
  findSharedRuns,
} from "../../jobs/plan/index.ts";
import { checkDeclaredCorpora } from "./checkDeclaredCorpora.ts";
import { listDeclaredStacks } from "../engine/stackDeclarations.ts";
import { deriveClusterOutputs } from "./deriveClusterOutputs.ts";
import type { UnavailableNodes } from "./fetchUnavailableNodes.ts";
import { formatFirstItems } from "../terminal/formatList.ts";
import { loadStackConfig } from "./loadStackConfig.ts";
import { readCountedTokens } from "./readCountedTokens.ts";

/** The plan of a stack on its cluster. */
export interface PlanOnCluster {
  readonly plan: StackPlan;
  /** The name of a stack of infra/. */
  readonly cluster: string;
  readonly emulated: boolean;
  /** True if neither a file of infra/ nor the user gives the number of nodes. */
  readonly nodesAssumed?: boolean;
  /** Nodes that get no work until they are released or tested; undefined if they are not known. */
  readonly unavailable?: UnavailableNodes | undefined;
  readonly experiment: Experiment;
}

/** Facts about a cluster that replace estimates. */
interface PlanFacts {
  /** A folder that is the store or a copy, whose counted tokens replace estimates. */
  readonly store?: string | undefined;
  /** What `preflight` measured on the nodes; it does not change the order of submission, which `up` decides without. */
  readonly measured?: MeasuredRates | undefined;
}

export interface PlanOptions extends PlanFacts {
  /** GPU nodes of the cluster, instead of the number that infra/ declares. */
  readonly nodes?: number | undefined;
}

const repositoryPurposes: Readonly<Record<string, string>> = {
  [dataRepositories.monolingual]: "monolingual text",
  [dataRepositories.code]: "code",
  [dataRepositories.languageModel]: "language identification",
  [dataRepositories.tokenizer]: "tokenizer of the counts in STATS.json",
};

function describePurpose(repository: string, config: StackConfig): string {
  const isModel = config.kind === "family" && getStackFamily(config).base?.repository === repository;
  return [isModel ? "the base model" : [], repositoryPurposes[repository] ?? []].flat().join("; ");
}

/** Describes the keys that lack a commit, by their paths. */
function describeUnpinned(config: StackConfig, paths: readonly string[]): string {
  if (config.kind === "evaluation") return formatFirstItems(paths, { limit: 3 });
  const repositories = paths
    .map((path) => path.replace("mixcpt:revisions.", ""))
    .map((repository) => `${repository} (${describePurpose(repository, config)})`);
  const place = config.kind === "family" && config.corpora ? `, here or in Pulumi.${config.corpora}.yaml` : "";
  return `one for each in mixcpt:revisions${place}: ${repositories.join(", ")}`;
}

/** Selects the models that lack a commit. Cells and mixtures share the commits of their stack. */
function selectUnpinned({ kind }: StackConfig, ids: readonly string[], paths: readonly string[]): readonly string[] {
  return kind === "evaluation" ? ids.filter((id) => paths.includes(`mixcpt:models.${id}.revision`)) : ids;
}

/** Settings that the stack leaves open, with all missing commits in one finding. */
function listOpenFindings(config: StackConfig, ids: readonly string[]): LintFinding[] {
  const problems = checkHubSettings(config);
  const unpinned = problems.filter(({ rule }) => rule === "not-pinned").map(({ path }) => path);
  const message = `no commit is given, and branches move; set ${describeUnpinned(config, unpinned)}`;
  const cells = selectUnpinned(config, ids, unpinned);
  const others = problems
    .filter(({ rule }) => rule !== "not-pinned")
    .map(({ rule, path, message }) => ({ rule, message: `${path}: ${message}` }));
  return [...(unpinned.length > 0 ? [{ rule: "not-pinned", message, cells }] : []), ...others].map((finding) => ({
    cells: ids,
    ...finding,
    severity: "error",
  }));
}

/** The settings of a stack and of its cluster; measurements of emulated devices say nothing about real ones. */
function selectCellSettings(
  config: FamilyConfig,
  { hardware, pods, serving }: ClusterOutputs,
  { measured }: PlanFacts,
): CellSettings {
  const { network, emulated } = hardware;
  const settings = { ...config, network, trainingPreset: pods.training?.preset, serving };
  if (measured === undefined || emulated) return settings;
  return { ...settings, measured: selectCellRates(measured, hardware, config.hardware) };
}

function readCellTokens({ run }: CellExperiment, { mount }: ClusterOutputs["store"], store?: string) {
  if (store === undefined || run.tokenised === undefined) return undefined;
  return readCountedTokens(store, relative(mount, run.tokenised));
}

function buildCellsPlan(
  config: FamilyConfig,
  { bases, cells }: Experiment,
  { cluster, facts }: { cluster: ClusterOutputs; facts: PlanFacts },
): StackPlan {
  const { stack, family, protocol, price, hardware } = config;
  const { nodes } = cluster.hardware;
  const served = { ...hardware, maxNumSeqs: cluster.serving?.maxNumSeqs };
  const settings = selectCellSettings(config, cluster, facts);
  const { parameters } = getStackFamily(config).shape;
  return buildStackPlan({
    stack,
    product: { kind: "cells", family, protocol },
    nodes,
    ...(price === undefined ? {} : { price }),
    cells: cells.map((cell) =>
      buildCellPlan(buildCellFacts(cell, settings, readCellTokens(cell, cluster.store, facts.store))),
    ),
    bases: bases.map(({ evaluation }) => buildBasePlan(evaluation, parameters, served)),
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

function buildModelsPlan(
  config: EvaluationConfig,
  { bases }: Experiment,
  { hardware: { nodes }, serving }: ClusterOutputs,
): StackPlan {
  const served = { ...config.hardware, maxNumSeqs: serving?.maxNumSeqs };
  const models = listEvaluatedModels(config).flatMap((model, index) => {
    const evaluation = bases[index]?.evaluation;
    return evaluation === undefined ? [] : [buildModelPlan(model, evaluation, served)];
  });
  return buildStackPlan({
    stack: config.stack,
    product: { kind: "models", devices: config.hardware },
    nodes,
    cells: [],
    bases: models,
    mixtures: [],
    models,
    openFindings: listOpenFindings(
      config,
      models.map(({ id }) => id),
    ),
  });
}

function buildPlan(
  config: StackConfig,
  experiment: Experiment,
  { cluster, facts }: { cluster: ClusterOutputs; facts: PlanFacts },
): StackPlan {
  if (config.kind === "corpora") return buildMixturesPlan(config, experiment, cluster);
  if (config.kind === "evaluation") return buildModelsPlan(config, experiment, cluster);
  return buildCellsPlan(config, experiment, { cluster, facts });
}

/** Plans a stack on a given cluster. */
export function buildPlanOnCluster(config: StackConfig, cluster: ClusterOutputs, facts: PlanFacts = {}): PlanOnCluster {
  const experiment = buildProvisionalExperiment(config, cluster);
  const plan = buildPlan(config, experiment, { cluster, facts });
  return { plan, cluster: config.cluster, emulated: cluster.hardware.emulated, experiment };
}

/** Plans a stack on its cluster, with findings about the stacks of corpora that this checkout declares. */
export function buildDeclaredPlan(config: StackConfig, cluster: ClusterOutputs, facts?: PlanFacts): PlanOnCluster {
  const { plan, ...rest } = buildPlanOnCluster(config, cluster, facts);
  return { ...rest, plan: { ...plan, openFindings: [...plan.openFindings, ...checkDeclaredCorpora(config, cluster)] } };
}

/**
 * Plans a stack from the files of this checkout.
 * @throws ConfigError with all problems of the stack's file
 */
export function buildPlanFromFiles(stack: string, { nodes, ...facts }: PlanOptions = {}): PlanOnCluster {
  const config = loadStackConfig(stack);
  const nodesAssumed = nodes === undefined && !listDeclaredStacks("mixcpt-infra").includes(config.cluster);
  return { ...buildDeclaredPlan(config, deriveClusterOutputs(config, { nodes }), facts), nodesAssumed };
}

/**
 * Plans stacks from the files of this checkout, with findings about what two of them would both submit.
 * @throws ConfigError with all problems of the first stack file that has one
 */
export function buildPlansFromFiles(
  stacks: readonly string[],
  selectOptions: (index: number) => PlanOptions,
): PlanOnCluster[] {
  const [first, ...others] = stacks.map((stack, index) => buildPlanFromFiles(stack, selectOptions(index)));
  if (first === undefined) return [];
  const openFindings = [...first.plan.openFindings, ...findSharedRuns([first, ...others])];
  return [{ ...first, plan: { ...first.plan, openFindings } }, ...others];
}
