import type { Evaluation } from "../evaluate/index.ts";
import type { GpuModel } from "../hardware/catalogue.ts";
import { gpus } from "../hardware/catalogue.ts";
import { evaluationHours } from "./evaluationTime.ts";
import { benchmarksOf } from "./facts.ts";

/** What the evaluation of a base model costs; it is not trained. */
export interface BasePlan {
  id: string;
  evaluationGpuHours: number;
}

export function planBase(evaluation: Evaluation, parameters: number, model: GpuModel): BasePlan {
  const gpu = gpus[model];
  const hours = evaluationHours(Object.values(benchmarksOf(evaluation)), parameters, gpu);
  return { id: evaluation.subject.id, evaluationGpuHours: hours / gpu.devicesPerCard };
}
