export type { Evaluation } from "./evaluation.ts";
export { buildEvaluation } from "./evaluation.ts";
export { buildEvaluationJobSet } from "./jobSet.ts";
export type { BenchmarkSettings, EvaluationSettings } from "./benchmarkSettings.ts";
export type { CategoryLanguages } from "./settings.ts";
export { buildEvaluationSettings } from "./settings.ts";
export type { EvaluationSubject } from "./subject.ts";
export { buildRunSubject, buildBaseModelSubject } from "./subject.ts";
