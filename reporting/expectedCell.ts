import { listFamilyCells } from "../jobs/matrix/matrixCell.ts";
import type { Cell } from "../jobs/matrix/matrixCell.ts";
import type { Matrix } from "../jobs/matrix/matrix.ts";

/** A cell that the stack has submitted, or a base model: its name in the paper and the run that makes its scores. */
export interface ExpectedCell {
  readonly id: string;
  readonly run: string;
}

/** Every cell that a stack's matrix can name, by id: those of the study, and those with what the stack adds. */
export function indexMatrixCells(matrix: Matrix): ReadonlyMap<string, Cell> {
  const axes = { data: Object.keys(matrix.mixtures), categories: Object.keys(matrix.categories) };
  return new Map(
    Object.keys(matrix.families)
      .flatMap((family) => listFamilyCells(family, axes, matrix))
      .map((cell) => [cell.id, cell]),
  );
}
