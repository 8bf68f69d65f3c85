export type { RecipeSettings } from "./changedSettings.ts";
export { listChangedSettings } from "./changedSettings.ts";
export { recipeRules } from "./overrides.ts";
export { computeNodeMemory, computeNodeMemoryGiB } from "./nodeMemory.ts";
export { protocols } from "./protocols.ts";
export {
  buildPublishedRecipe,
  inferredSequenceLength,
  isTextHeldOut,
  unpublishedSettings,
} from "./publishedRecipes.ts";
export type { Recipe } from "./recipeSchema.ts";
export { affectsResult, resultSettings } from "./recipeSchema.ts";
export type { Run } from "./run.ts";
export { buildCellRecipe, buildRun, computeWorldSize, formatCheckpointPath, selectRunCheckpoints } from "./run.ts";
export { maxEvaluatedCheckpoints } from "./runCheckpoints.ts";
export type { CheckpointSpec, SubmittedCheckpoints } from "./submittedCheckpoints.ts";
export { listUnwrittenCheckpoints, readSubmittedCheckpoints } from "./submittedCheckpoints.ts";
export type { ZeroSharding } from "./zeroSettings.ts";
export { applyExecution, countSequencesOfStep, readZeroSharding } from "./zeroSettings.ts";
export { buildTokenizedCorpus, groupByTokens } from "./tokenizedCorpus.ts";
export type { TrainJobContext } from "./trainJob.ts";
export { buildCheckpointSpec, buildTrainJob } from "./trainJob.ts";
export { countRecipeSteps, countTokensOfStep } from "./trainingSteps.ts";
