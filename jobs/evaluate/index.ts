export type { Evaluation } from "./evaluation.ts";
export { buildEvaluation } from "./evaluation.ts";
export { buildEvaluationJobSet } from "./evaluationJobSet.ts";
export type { BenchmarkSettings, EvaluationSettings } from "./evaluationSettings.ts";
export type { CategoryLanguages } from "./evaluationSettings.ts";
export { buildEvaluationSettings } from "./evaluationSettings.ts";
export type { EvaluationSubject } from "./evaluationSubject.ts";
export { buildRunSubject, buildBaseModelSubject } from "./evaluationSubject.ts";
