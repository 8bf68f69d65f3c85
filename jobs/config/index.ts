export type { AddedBenchmark, BenchmarkChanges } from "./benchmarksSchema.ts";
export type {
  CellHardware,
  CommonConfig,
  CorporaConfig,
  FamilyConfig,
  OverriddenCell,
  Price,
  RecipeRules,
  StackFile,
} from "./stackConfig.ts";
export { getStackFamily, listStackCells, listStackMixtures, parseStackFile } from "./stackConfig.ts";
