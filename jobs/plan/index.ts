export { findBestExecution } from "./bestExecution.ts";
export type { CellPlan } from "./cellPlan.ts";
export { buildBasePlan, buildCellPlan } from "./cellPlan.ts";
export type { MixturePlan } from "./mixturePlan.ts";
export { buildMixturePlan } from "./mixturePlan.ts";
export type { CellDocument, MixtureDocument, PlanDocument } from "./planDocument.ts";
export { buildPlanDocument, listPlanFindings, planDocumentSchema } from "./planDocument.ts";
export type { PlanTotals, StackPlan } from "./stackPlan.ts";
export { buildStackPlan, computeTotals, listTrainingTasks } from "./stackPlan.ts";
