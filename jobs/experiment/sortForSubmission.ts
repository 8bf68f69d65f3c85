import type { FamilyConfig } from "../config/index.ts";
import { getStackFamily } from "../config/index.ts";
import type { CellSettings } from "../estimate/index.ts";
import { buildCellFacts, estimateTraining } from "../estimate/index.ts";
import { computeSubmissionOrder } from "../schedule/submissionOrder.ts";
import type { CellDraft, ExperimentDraft } from "./cellExperiment.ts";
import { buildTrainingTask, estimateBaseNodeHours } from "./trainingTask.ts";

/** Sorts the cells of a stack so that a cluster with this many nodes trains and evaluates them as early as possible. */
export function sortForSubmission(
  { cells, bases }: Pick<ExperimentDraft, "cells" | "bases">,
  { config, nodes }: { config: FamilyConfig & CellSettings; nodes: number },
): CellDraft[] {
  const tasks = cells.map((cell) => {
    const facts = buildCellFacts(cell, config);
    return buildTrainingTask(facts, estimateTraining(facts));
  });
  const { parameters } = getStackFamily(config).shape;
  const served = { ...config.hardware, ...config.serving };
  const baseHours = bases.map(({ evaluation }) => estimateBaseNodeHours(evaluation, parameters, served));
  const byId = new Map(cells.map((cell) => [cell.run.cell.id, cell]));
  return computeSubmissionOrder(tasks, nodes, baseHours).flatMap(({ id }) => byId.get(id) ?? []);
}
