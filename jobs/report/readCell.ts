import type { AnyCell } from "../matrix/cell.ts";
import { modelKey } from "./base.ts";
import { readResult } from "./readResult.ts";
import type { Report, ReportCell } from "./report.ts";
import { comparableTo, indexScores } from "./score.ts";
import type { ScoresConfigMap } from "./scores.ts";

/** What a cell has from its stack. */
export type CellPlace = Pick<ReportCell, "label" | "group" | "gpu" | "run">;

export interface ReadCell {
  readonly cell: ReportCell;
  readonly findings: readonly string[];
}

/** A cell with the scores of its run, if they are there. */
export const readCell = (cell: AnyCell, configMaps: readonly ScoresConfigMap[], place: CellPlace): ReadCell => {
  const { result, findings } = readResult({ id: cell.id, run: place.run }, configMaps);
  const { scores } = result ?? { scores: [] };
  const references = { base: new Map(), paper: new Map() };
  return { cell: { ...cell, ...place, scores, index: indexScores(scores), ...references, result }, findings };
};

/** The same cell with what its scores are compared with. */
export const withReferences = (cell: ReportCell, { bases, published }: Pick<Report, "bases" | "published">): ReportCell => ({
  ...cell,
  base: comparableTo(cell.index, bases.get(modelKey(cell.parts.family))?.scores ?? new Map()),
  paper: comparableTo(cell.index, indexScores(published.cells.get(cell.id) ?? [])),
});
