export type { Evaluation } from "./evaluation.ts";
export { evaluationSettings, planEvaluation } from "./evaluation.ts";
export { evaluationJobSet } from "./jobSet.ts";
export type { BenchmarkSettings, EvaluationSettings } from "./settings.ts";
export { miniatureEvaluation, studyEvaluation } from "./settings.ts";
