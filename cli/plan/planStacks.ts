import type { Experiment } from "../../jobs/experiment.ts";
import { pinProblems } from "../../jobs/checks/pins.ts";
import { sketchExperiment } from "../../jobs/experiment.ts";
import { familyOf } from "../../jobs/matrix/index.ts";
import type { StackPlan } from "../../jobs/plan/index.ts";
import { cellFacts, planBase, planCell, planStack } from "../../jobs/plan/index.ts";
import { expectedCluster } from "./expectedCluster.ts";
import { readStackFile } from "./stackFile.ts";

/** A stack's plan, and the cluster it is for. */
export interface PlannedFile {
  plan: StackPlan;
  /** Stack of infra/. */
  cluster: string;
  emulated: boolean;
  experiment: Experiment;
}

/**
 * Plans a stack from the files of this checkout.
 * @param nodes of the cluster, in place of those that infra/ declares
 * @throws ConfigError with all problems of the stack's file
 */
export function planFile(stack: string, nodes?: number): PlannedFile {
  const config = readStackFile(stack);
  const cluster = expectedCluster(config, { nodes });
  const experiment = sketchExperiment(config, cluster);
  const { bases, cells } = experiment;
  const { family, protocol, price, hardware } = config;
  const { parameters } = familyOf(config).shape;
  const plan = planStack({
    stack,
    family,
    protocol,
    nodes: cluster.hardware.nodes,
    ...(price === undefined ? {} : { price }),
    cells: cells.map((cell) => planCell(cellFacts(cell, config))),
    bases: bases.map(({ evaluation }) => planBase(evaluation, parameters, hardware.gpu)),
    open: pinProblems(config).map(({ rule, path, message }) => ({ rule, severity: "error", cells: cells.map(({ cell }) => cell.id), message: `${path}: ${message}` })),
  });
  return { plan, cluster: config.cluster, emulated: cluster.hardware.emulated, experiment };
}
