import type { ComparisonTotals } from "./compareSnapshots.ts";

/** True if the high end of training and the evaluation are more than a number of GPU-hours. */
export function exceedsLimit(
  { gpuHours, evaluationGpuHours }: Pick<ComparisonTotals, "gpuHours" | "evaluationGpuHours">,
  limit: number,
): boolean {
  return gpuHours.high + evaluationGpuHours > limit;
}
