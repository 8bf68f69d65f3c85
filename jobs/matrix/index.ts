export type { Category, CategoryName, DataKind, Family, FamilyName, ProtocolName } from "./axes.ts";
export { categories, categoryNames, dataKinds, families, familyNames } from "./axes.ts";
export type { Axes, Cell } from "./cell.ts";
export { allAxes, cellAt, cellById, cellBySlug, cellsOf } from "./cell.ts";
export type { RecipeRules, StackConfig, StackFile } from "./config.ts";
export { cells, parseConfig } from "./config.ts";
export { english } from "./languages.ts";
export type { Problem } from "./problems.ts";
export { ConfigError } from "./problems.ts";
