import type { Evaluation } from "../evaluate/index.ts";
import type { FamilyConfig } from "../matrix/index.ts";
import type { Run } from "../train/index.ts";
import { buildCellPlan } from "./cellPlan.ts";
import { buildCellFacts } from "./facts.ts";
import { buildTrainingTask } from "./stackPlan.ts";
import { computeSubmissionOrder } from "./submissionOrder.ts";

/** The cells of a stack in the order in which so many nodes are done with them soonest. */
export function sortForSubmission<Planned extends { run: Run; evaluation: Evaluation }>(
  cells: readonly Planned[],
  { config, nodes }: { config: Pick<FamilyConfig, "hardware">; nodes: number },
): Planned[] {
  const tasks = cells.map((cell) => buildTrainingTask(buildCellPlan(buildCellFacts(cell, config))));
  const byId = new Map(cells.map((cell) => [cell.run.cell.id, cell]));
  return computeSubmissionOrder(tasks, nodes).flatMap(({ id }) => byId.get(id) ?? []);
}
