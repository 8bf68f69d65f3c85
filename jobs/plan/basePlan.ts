import type { Evaluation } from "../evaluate/index.ts";
import type { GpuModel } from "../hardware/catalogue.ts";
import { gpus } from "../hardware/catalogue.ts";
import { estimateEvaluationHours } from "./evaluationTime.ts";
import { computeBenchmarkSizes } from "./facts.ts";

/** What the evaluation of a base model costs; it is not trained. */
export interface BasePlan {
  id: string;
  evaluationGpuHours: number;
}

export function buildBasePlan(evaluation: Evaluation, parameters: number, model: GpuModel): BasePlan {
  const gpu = gpus[model];
  const hours = estimateEvaluationHours(Object.values(computeBenchmarkSizes(evaluation)), parameters, gpu);
  return { id: evaluation.subject.id, evaluationGpuHours: hours / gpu.devicesPerCard };
}
