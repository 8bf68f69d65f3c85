import { buildBaseModelNames } from "./families.ts";
import type { Family } from "./families.ts";
import type { Matrix } from "./matrix.ts";
import type { Cell } from "./matrixCell.ts";
import { listFamilyCells } from "./matrixCell.ts";

/** Lists every cell that a matrix can name, in all families, mixtures and categories. */
export function listMatrixCells(matrix: Matrix): Cell[] {
  const axes = { data: Object.keys(matrix.mixtures), categories: Object.keys(matrix.categories) };
  return Object.keys(matrix.families).flatMap((family) => listFamilyCells(family, axes, matrix));
}

/** Finds the family whose base model has this id, such as `L3-base`. */
export function findFamilyByBase({ families }: Pick<Matrix, "families">, id: string): Family | undefined {
  return Object.values(families).find((family) => buildBaseModelNames(family).id === id);
}
