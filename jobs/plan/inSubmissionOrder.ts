import type { Evaluation } from "../evaluate/index.ts";
import type { StackConfig } from "../matrix/index.ts";
import type { Run } from "../train/index.ts";
import { planCell } from "./cellPlan.ts";
import { cellFacts } from "./facts.ts";
import { taskOf } from "./stackPlan.ts";
import { submissionOrder } from "./submissionOrder.ts";

/** The cells of a stack in the order in which so many nodes are done with them soonest. */
export function inSubmissionOrder<Planned extends { run: Run; evaluation: Evaluation }>(
  cells: readonly Planned[],
  { config, nodes }: { config: Pick<StackConfig, "hardware">; nodes: number },
): Planned[] {
  const tasks = cells.map((cell) => taskOf(planCell(cellFacts(cell, config))));
  const byId = new Map(cells.map((cell) => [cell.run.cell.id, cell]));
  return submissionOrder(tasks, nodes).flatMap(({ id }) => byId.get(id) ?? []);
}
