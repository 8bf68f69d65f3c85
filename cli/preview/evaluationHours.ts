import type { StackPlan } from "../../jobs/plan/index.ts";

/** GPU-hours of evaluation by the id of a cell or base model. */
export function listEvaluationHours({ cells, bases }: StackPlan): Record<string, number> {
  return Object.fromEntries([
    ...cells.map(({ id, estimate }) => [id, estimate.evaluationGpuHours] as const),
    ...bases.map(({ id, evaluationGpuHours }) => [id, evaluationGpuHours] as const),
  ]);
}
