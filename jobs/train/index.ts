export { recipeRules } from "./overrides.ts";
export type { Recipe } from "./recipe.ts";
export type { Run } from "./run.ts";
export { checkpointPath, planRun } from "./run.ts";
export { trainJob } from "./trainJob.ts";
