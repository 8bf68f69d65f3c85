import type { NodeDevices } from "../config/index.ts";
import type { CellFacts, ServedPrompts, TrainingEstimate } from "../estimate/index.ts";
import { computeBenchmarkSizes, estimateEvaluationNodeHours } from "../estimate/index.ts";
import type { Evaluation } from "../evaluate/index.ts";
import type { TrainingTask } from "../schedule/schedule.ts";

/** Builds the schedule's view of a cell: its training at the slow end of the range, and its evaluated checkpoints. */
export function buildTrainingTask(facts: CellFacts, { wallHours }: Pick<TrainingEstimate, "wallHours">): TrainingTask {
  const { id, shape, benchmarks, hardware, maxNumSeqs, evaluatedSteps, workRange } = facts;
  const hours = wallHours.high;
  const served = { ...hardware, maxNumSeqs };
  return {
    id,
    hours,
    nodes: hardware.nodesPerCell,
    evaluationHours: estimateEvaluationNodeHours(Object.values(benchmarks), shape.parameters, served),
    earlierCheckpoints: evaluatedSteps.slice(0, -1).map((step) => (hours * step) / workRange.high.trainedSteps),
  };
}

/** Estimates the hours for which the evaluation of a model that is not trained occupies a node. */
export function estimateBaseNodeHours(
  evaluation: Evaluation,
  parameters: number,
  hardware: NodeDevices & ServedPrompts,
): number {
  return estimateEvaluationNodeHours(Object.values(computeBenchmarkSizes(evaluation)), parameters, hardware);
}
