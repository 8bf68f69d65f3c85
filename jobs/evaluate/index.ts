export type { Evaluation } from "./evaluation.ts";
export { planEvaluation } from "./evaluation.ts";
export { evaluationJobSet } from "./jobSet.ts";
