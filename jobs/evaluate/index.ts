export type { Evaluation } from "./evaluation.ts";
export { buildEvaluation } from "./evaluation.ts";
export { buildEvaluationJobSet } from "./evaluationJobSet.ts";
export type { BenchmarkSettings, CategoryLanguages } from "./evaluationSettings.ts";
export { buildEvaluationSettings } from "./evaluationSettings.ts";
export { buildBaseModelSubject, buildRunSubject } from "./evaluationSubject.ts";
