export { evaluatedStep } from "./evaluatedSteps.ts";
export { recipeRules } from "./overrides.ts";
export { protocols } from "./protocols.ts";
export type { EpochRecipe, Recipe, SteppedRecipe } from "./recipe.ts";
export type { Run } from "./run.ts";
export { checkpointPath, planRun } from "./run.ts";
export { trainJob } from "./trainJob.ts";
export type { Schedule } from "./trainingSteps.ts";
export { trainingSteps } from "./trainingSteps.ts";
