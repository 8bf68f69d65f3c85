/** The study's axes: names that the report and the screen lay out. What a stack adds to them is in its matrix.ts. */
export type { Category } from "./categories.ts";
export { categories } from "./categories.ts";
export type { CategoryName } from "./categoryNames.ts";
export { categoryNames } from "./categoryNames.ts";
export type { DataKind, Ingredient } from "./dataKinds.ts";
export { dataKinds, ingredients, ingredientsOf } from "./dataKinds.ts";
