export type { Evaluation, RunEvaluations } from "./evaluation.ts";
export { buildEvaluation, buildRunEvaluations } from "./evaluation.ts";
export { buildEvaluationJobSet } from "./evaluationJobSet.ts";
export type { BenchmarkSettings, CategoryLanguages } from "./evaluationSettings.ts";
export { buildEvaluationSettings } from "./evaluationSettings.ts";
export { buildModelSubject } from "./evaluationSubject.ts";
