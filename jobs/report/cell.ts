import { cellById, type Cell } from "../matrix/cell.ts";

/** A cell that the stack has submitted, or a base model: its name in the paper and the run that makes its scores. */
export interface ExpectedCell {
  readonly id: string;
  readonly run: string;
}

/** The cell of the matrix with this id. Throws for an id that the matrix does not have: our own mistake, never the input's. */
export const matrixCell = (id: string): Cell => {
  const cell = cellById(id);
  if (cell === undefined) throw new Error(`The matrix has no cell ${JSON.stringify(id)}.`);
  return cell;
};
