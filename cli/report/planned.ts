import type { PlannedHours } from "../../jobs/report/report.ts";
import { buildPlanFromFiles } from "../plan/planStacks.ts";

/**
 * GPU-hours that the stacks' plans foresee, by the name of the run: a run of other files than those that are here has
 * none. Emulated devices have none: the hours of a CPU are no measure of a plan for a GPU.
 * @throws ConfigError with all problems of a stack's file
 */
export function collectPlannedHours(stacks: readonly string[]): PlannedHours {
  const planned = stacks.map((stack) => buildPlanFromFiles(stack)).filter(({ emulated }) => !emulated);
  return new Map(planned.flatMap(({ plan }) => plan.cells.map(({ run, estimate }) => [run, estimate.gpuHours] as const)));
}
