export { listBenchmarkLanguages } from "./benchmarkRules.ts";
export { buildCorporaSchema, buildFamilySchema } from "./configSchema.ts";
export type { AddedBenchmark, AskedBenchmark, BenchmarkChanges } from "./benchmarksSchema.ts";
export type { HarnessBenchmark } from "./harnessBenchmarkSchema.ts";
export type { CheckpointChoice, EvaluatedItem } from "./checkpointsSchema.ts";
export type { EvaluatedModel, ModelSource } from "./evaluatedModels.ts";
export { fillModelRevisions, listEvaluatedModels } from "./evaluatedModels.ts";
export { buildEvaluationSchema } from "./evaluationSchema.ts";
export type { ExecutionSettings, ZeroMode } from "./executionSchema.ts";
export { zeroModes } from "./executionSchema.ts";
export type { IdentificationBenchmark } from "./identificationSchema.ts";
export { parseStackFile } from "./parseStackFile.ts";
export { fillPlaceholderRevisions } from "./placeholderRevision.ts";
export type { ChangedCell, RecipeRules } from "./recipeRules.ts";
export type {
  CellHardware,
  CommonConfig,
  CorporaConfig,
  EvaluationConfig,
  FamilyConfig,
  NodeDevices,
  Price,
  StackConfig,
  StackFile,
} from "./stackConfig.ts";
export { getStackFamily, listStackCells, listStackMixtures } from "./stackConfig.ts";
