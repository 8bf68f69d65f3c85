export type { CellFacts, CellPlan } from "./cellPlan.ts";
export { lintCell, planCell } from "./cellPlan.ts";
export { cellFacts } from "./facts.ts";
export { inSubmissionOrder } from "./inSubmissionOrder.ts";
export type { CellDocument, PlanDocument } from "./planDocument.ts";
export { planDocument, planJsonSchema, planSchema } from "./planDocument.ts";
export type { StackPlan, Totals } from "./stackPlan.ts";
export type { Band } from "./training.ts";
export { planStack, taskOf, totalsOf } from "./stackPlan.ts";
