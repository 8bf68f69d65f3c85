import { pinProblems } from "../../jobs/checks/pins.ts";
import type { Experiment } from "../../jobs/experiment.ts";
import { sketchExperiment } from "../../jobs/experiment.ts";
import type { ClusterOutputs } from "../../jobs/kube/outputs.ts";
import type { CorporaConfig, StackConfig } from "../../jobs/matrix/index.ts";
import { familyOf } from "../../jobs/matrix/index.ts";
import type { Finding, StackPlan } from "../../jobs/plan/index.ts";
import { cellFacts, planBase, planCell, planMixture, planStack } from "../../jobs/plan/index.ts";
import { corporaFindings } from "./corpora.ts";
import { expectedCluster } from "./expectedCluster.ts";
import { readAnyStackFile } from "./stackFile.ts";

/** A stack's plan, and the cluster it is for. */
export interface PlannedFile {
  plan: StackPlan;
  /** Stack of infra/. */
  cluster: string;
  emulated: boolean;
  experiment: Experiment;
}

function openOf(config: StackConfig | CorporaConfig, ids: readonly string[]): Finding[] {
  return pinProblems(config).map(({ rule, path, message }) => ({ rule, severity: "error", cells: ids, message: `${path}: ${message}` }));
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
  return { ...rest, plan: { ...plan, open: [...plan.open, ...corporaFindings(config, cluster)] } };
}
