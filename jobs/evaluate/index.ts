export type { Evaluation } from "./evaluation.ts";
export { planEvaluation } from "./evaluation.ts";
export { evaluationJobSet } from "./jobSet.ts";
export type { BenchmarkSettings, EvaluationSettings } from "./benchmarkSettings.ts";
export type { Languages } from "./settings.ts";
export { evaluationSettings } from "./settings.ts";
export type { Subject } from "./subject.ts";
export { trained, untrained } from "./subject.ts";
