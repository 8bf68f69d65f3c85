import { parseVariant } from "../jobs/matrix/axisSettings.ts";
import { buildCell, listFamilyCells } from "../jobs/matrix/matrixCell.ts";
import type { Cell } from "../jobs/matrix/matrixCell.ts";
import type { Matrix } from "../jobs/matrix/matrix.ts";

/** A cell or base model that a stack has submitted: its name in the paper and the run that produces its scores. */
export interface ExpectedCell {
  readonly id: string;
  readonly run: string;
  /**
   * The evaluated checkpoints by path, with the ConfigMaps of their scores; the last one has the cell's score. Absent
   * for base models, and in states of before it was recorded.
   */
  readonly evaluated?: readonly { readonly checkpoint: string; readonly scores: string }[] | undefined;
}

/** A submitted model whose name is neither a cell nor a base model of the matrix. */
export interface NamedModel extends ExpectedCell {
  readonly slug: string;
  /** Name of its family in the matrix. */
  readonly family: string;
  /** Names of the categories in whose languages it is evaluated. */
  readonly categories: readonly string[];
}

/** Every cell that a stack's matrix can name, by id: the study's cells and those with the stack's additions. */
function indexMatrixCells(matrix: Matrix): ReadonlyMap<string, Cell> {
  const axes = { data: Object.keys(matrix.mixtures), categories: Object.keys(matrix.categories) };
  return new Map(
    Object.keys(matrix.families)
      .flatMap((family) => listFamilyCells(family, axes, matrix))
      .map((cell) => [cell.id, cell]),
  );
}

/** Returns the cell of an id that begins with a cell's, if the rest are values on axes that a stack has added. */
function findVariant(id: string, cell: Cell, matrix: Matrix): Cell | undefined {
  if (!id.startsWith(`${cell.id}-`)) return undefined;
  const axisValues = parseVariant(id.slice(cell.id.length));
  return axisValues === undefined ? undefined : buildCell({ ...cell, axisValues }, matrix);
}

/** Returns a function that finds the cell of an id, with or without values on axes that a stack has added. */
export function createCellLookup(matrix: Matrix): (id: string) => Cell | undefined {
  const cells = indexMatrixCells(matrix);
  return (id) => cells.get(id) ?? [...cells.values()].flatMap((cell) => findVariant(id, cell, matrix) ?? [])[0];
}
