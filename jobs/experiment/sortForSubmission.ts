import type { CellSettings } from "../estimate/index.ts";
import { buildCellFacts, estimateEvaluationNodeHours, estimateTraining } from "../estimate/index.ts";
import type { Evaluation } from "../evaluate/index.ts";
import { computeSubmissionOrder } from "../schedule/submissionOrder.ts";
import type { Run } from "../train/index.ts";

/** Sorts the cells of a stack so that a cluster with this many nodes trains and evaluates them as early as possible. */
export function sortForSubmission<Draft extends { run: Run; evaluation: Evaluation }>(
  cells: readonly Draft[],
  { config, nodes }: { config: CellSettings; nodes: number },
): Draft[] {
  const tasks = cells.map((cell) => {
    const facts = buildCellFacts(cell, config);
    const { id, shape, benchmarks, evaluatedSteps } = facts;
    const perCheckpoint = estimateEvaluationNodeHours(Object.values(benchmarks), shape.parameters, config.hardware);
    return {
      id,
      hours: estimateTraining(facts).wallHours.high,
      nodes: config.hardware.nodesPerCell,
      evaluationHours: evaluatedSteps.length * perCheckpoint,
    };
  });
  const byId = new Map(cells.map((cell) => [cell.run.cell.id, cell]));
  return computeSubmissionOrder(tasks, nodes).flatMap(({ id }) => byId.get(id) ?? []);
}
