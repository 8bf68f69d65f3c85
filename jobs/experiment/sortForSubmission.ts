import type { CellSettings } from "../estimate/index.ts";
import { buildCellFacts, estimateTraining } from "../estimate/index.ts";
import type { Evaluation } from "../evaluate/index.ts";
import { computeSubmissionOrder } from "../schedule/submissionOrder.ts";
import type { Run } from "../train/index.ts";

/** Sorts the cells of a stack so that a cluster with this many nodes finishes them as early as possible. */
export function sortForSubmission<Draft extends { run: Run; evaluation: Evaluation }>(
  cells: readonly Draft[],
  { config, nodes }: { config: CellSettings; nodes: number },
): Draft[] {
  const tasks = cells.map((cell) => {
    const facts = buildCellFacts(cell, config);
    return { id: facts.id, hours: estimateTraining(facts).wallHours.high, nodes: config.hardware.nodesPerCell };
  });
  const byId = new Map(cells.map((cell) => [cell.run.cell.id, cell]));
  return computeSubmissionOrder(tasks, nodes).flatMap(({ id }) => byId.get(id) ?? []);
}
