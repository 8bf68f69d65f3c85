import { familyNames } from "../jobs/matrix/families.ts";
import { categoryNames, dataKinds } from "../jobs/matrix/index.ts";
import type { Cell } from "../jobs/matrix/matrixCell.ts";
import { buildCell } from "../jobs/matrix/matrixCell.ts";
import { buildModelKey } from "./baseScores.ts";
import type { PublishedNumbers } from "./published/publishedNumbers.ts";
import type { Report, ReportCell } from "./reportModel.ts";
import { findModelName } from "./reportModel.ts";
import { indexScores, selectComparableScores } from "./scoreIndex.ts";
import { readRunResult } from "./scoresConfigMap.ts";
import type { ScoresConfigMap } from "./scoresConfigMap.ts";

/** What a cell has from its stack. */
export type CellOrigin = Pick<ReportCell, "label" | "group" | "gpu" | "run">;

export interface CellWithFindings {
  readonly cell: ReportCell;
  readonly findings: readonly string[];
}

/** A cell with the scores of its run, if they are there. */
export function readCell(cell: Cell, configMaps: readonly ScoresConfigMap[], place: CellOrigin): CellWithFindings {
  const { result, findings } = readRunResult({ id: cell.id, run: place.run }, configMaps);
  const { scores } = result ?? { scores: [] };
  const references = { base: new Map(), paper: new Map() };
  return { cell: { ...cell, ...place, scores, index: indexScores(scores), ...references, result }, findings };
}

/** The same cell with what its scores are compared with. */
export function addReferenceScores(
  cell: ReportCell,
  { bases, published }: Pick<Report, "bases" | "published">,
): ReportCell {
  return {
    ...cell,
    base: selectComparableScores(cell.index, bases.get(buildModelKey(cell.parts.family))?.scores ?? new Map()),
    paper: selectComparableScores(cell.index, indexScores(published.cells.get(cell.id) ?? [])),
  };
}

const studyCoordinates = familyNames.flatMap((family) =>
  categoryNames.flatMap((category) => dataKinds.map((data) => ({ family, category, data }))),
);

/** The paper's cells as a report has them, family by family. */
export function listPublishedCells(published: PublishedNumbers): ReportCell[] {
  return studyCoordinates.flatMap((place) => {
    const cell = buildCell(place);
    const scores = published.cells.get(cell.id);
    return scores === undefined
      ? []
      : [
          {
            ...cell,
            label: cell.id,
            gpu: null,
            group: findModelName(published, cell.parts.family),
            run: "",
            scores,
            index: indexScores(scores),
            base: new Map(),
            paper: new Map(),
            result: null,
          },
        ];
  });
}
