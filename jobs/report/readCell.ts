import type { Cell } from "../matrix/cell.ts";
import { buildModelKey } from "./base.ts";
import { readRunResult } from "./readResult.ts";
import type { Report, ReportCell } from "./report.ts";
import { selectComparableScores, indexScores } from "./score.ts";
import type { ScoresConfigMap } from "./scores.ts";

/** What a cell has from its stack. */
export type CellOrigin = Pick<ReportCell, "label" | "group" | "gpu" | "run">;

export interface CellWithFindings {
  readonly cell: ReportCell;
  readonly findings: readonly string[];
}

/** A cell with the scores of its run, if they are there. */
export const readCell = (cell: Cell, configMaps: readonly ScoresConfigMap[], place: CellOrigin): CellWithFindings => {
  const { result, findings } = readRunResult({ id: cell.id, run: place.run }, configMaps);
  const { scores } = result ?? { scores: [] };
  const references = { base: new Map(), paper: new Map() };
  return { cell: { ...cell, ...place, scores, index: indexScores(scores), ...references, result }, findings };
};

/** The same cell with what its scores are compared with. */
export const addReferenceScores = (cell: ReportCell, { bases, published }: Pick<Report, "bases" | "published">): ReportCell => ({
  ...cell,
  base: selectComparableScores(cell.index, bases.get(buildModelKey(cell.parts.family))?.scores ?? new Map()),
  paper: selectComparableScores(cell.index, indexScores(published.cells.get(cell.id) ?? [])),
});
