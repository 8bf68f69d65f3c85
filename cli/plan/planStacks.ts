import { pinProblems } from "../../jobs/checks/pins.ts";
import type { Experiment } from "../../jobs/experiment.ts";
import { sketchExperiment } from "../../jobs/experiment.ts";
import type { ClusterOutputs } from "../../jobs/kube/outputs.ts";
import type { CorporaConfig, StackConfig } from "../../jobs/matrix/index.ts";
import { dataRepositories, familyOf } from "../../jobs/matrix/index.ts";
import type { Finding, StackPlan } from "../../jobs/plan/index.ts";
import { cellFacts, planBase, planCell, planMixture, planStack } from "../../jobs/plan/index.ts";
import { corporaFindings } from "./corpora.ts";
import { declaredStacks } from "../engine/declared.ts";
import { expectedCluster } from "./expectedCluster.ts";
import { readAnyStackFile } from "./stackFile.ts";

/** A stack's plan, and the cluster it is for. */
export interface PlannedFile {
  plan: StackPlan;
  /** Stack of infra/. */
  cluster: string;
  emulated: boolean;
  /** Nothing says how many nodes there are: neither a file of infra/ nor whoever asked. */
  assumed?: boolean;
  experiment: Experiment;
}

const purposes: Readonly<Record<string, string>> = {
  [dataRepositories.monolingual]: "monolingual text",
  [dataRepositories.code]: "code",
  [dataRepositories.languageModel]: "tells languages apart",
  [dataRepositories.counting]: "its tokenizer counts",
};

function purposeOf(repository: string, config: StackConfig | CorporaConfig): string {
  const isModel = config.kind === "family" && familyOf(config).base?.repository === repository;
  return [isModel ? "the model" : [], purposes[repository] ?? []].flat().join("; ");
}

/** What is left open, commits in one finding. */
function openOf(config: StackConfig | CorporaConfig, ids: readonly string[]): Finding[] {
  const problems = pinProblems(config);
  const open = problems.filter(({ rule }) => rule === "not-pinned").map(({ path }) => path.replace("mixcpt:revisions.", ""));
  const unpinned = `no commit is given, and a branch would move; write one of each into mixcpt:revisions: ${open.map((name) => `${name} (${purposeOf(name, config)})`).join(", ")}`;
  const others = problems.filter(({ rule }) => rule !== "not-pinned").map(({ rule, path, message }) => ({ rule, message: `${path}: ${message}` }));
  return [...(open.length > 0 ? [{ rule: "not-pinned", message: unpinned }] : []), ...others].map((one) => ({ ...one, severity: "error", cells: ids }));
}

function planCells(config: StackConfig, { bases, cells }: Experiment, { hardware: { nodes } }: ClusterOutputs): StackPlan {
  const { stack, family, protocol, price, hardware } = config;
  const { parameters } = familyOf(config).shape;
  return planStack({
    stack,
    makes: { kind: "cells", family, protocol },
    nodes,
    ...(price === undefined ? {} : { price }),
    cells: cells.map((cell) => planCell(cellFacts(cell, config))),
    bases: bases.map(({ evaluation }) => planBase(evaluation, parameters, hardware.gpu)),
    mixtures: [],
    open: openOf(config, cells.map(({ cell }) => cell.id)),
  });
}

function planMixtures(config: CorporaConfig, experiment: Experiment, { hardware: { nodes } }: ClusterOutputs): StackPlan {
  const mixtures = experiment.mixtures.map(planMixture);
  return planStack({ stack: config.stack, makes: { kind: "mixtures" }, nodes, cells: [], bases: [], mixtures, open: openOf(config, mixtures.map(({ id }) => id)) });
}

/** Plans a stack on the cluster that it will find. */
export function planConfig(config: StackConfig | CorporaConfig, cluster: ClusterOutputs): PlannedFile {
  const experiment = sketchExperiment(config, cluster);
  const plan = config.kind === "corpora" ? planMixtures(config, experiment, cluster) : planCells(config, experiment, cluster);
  return { plan, cluster: config.cluster, emulated: cluster.hardware.emulated, experiment };
}

/**
 * Plans a stack from the files of this checkout.
 * @param nodes of the cluster, in place of those that infra/ declares
 * @throws ConfigError with all problems of the stack's file
 */
export function planFile(stack: string, nodes?: number): PlannedFile {
  const config = readAnyStackFile(stack);
  const cluster = expectedCluster(config, { nodes });
  const { plan, ...rest } = planConfig(config, cluster);
  const assumed = nodes === undefined && !declaredStacks("mixcpt-infra").includes(config.cluster);
  return { ...rest, plan: { ...plan, open: [...plan.open, ...corporaFindings(config, cluster)] }, assumed };
}
