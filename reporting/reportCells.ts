import { buildCell, categoryNames, dataKinds, familyNames } from "../jobs/matrix/index.ts";
import type { Cell } from "../jobs/matrix/index.ts";
import { buildModelKey } from "./baseScores.ts";
import { selectCategoryResult } from "./categoryResult.ts";
import { readCheckpointScores } from "./checkpointScores.ts";
import { describeIncompleteUnits } from "./incompleteUnits.ts";
import type { PublishedNumbers } from "./published/publishedNumbers.ts";
import { findModelName } from "./reportModel.ts";
import type { ExpectedCell } from "./expectedCell.ts";
import type { Report, ReportCell } from "./reportModel.ts";
import { indexScores, selectComparableScores } from "./scoreIndex.ts";
import { readRunResult } from "./scoresConfigMap.ts";
import type { ScoresConfigMap } from "./scoresConfigMap.ts";

/** The part of a report's cell that depends on its stack. */
export type CellOrigin = Pick<ReportCell, "label" | "group" | "gpu" | "run">;

/** A submitted cell that the stack's matrix can name. */
export interface KnownCell extends Pick<ExpectedCell, "run" | "evaluated">, Pick<ReportCell, "kind"> {
  readonly cell: Cell;
}

export interface CellWithFindings {
  readonly cell: ReportCell;
  readonly findings: readonly string[];
}

const noReferences = { base: new Map(), baseFailures: [], paper: new Map() } as const;

/** A cell with the scores of its run, if they exist; without references yet. */
export function readCell(
  { cell, evaluated, kind }: KnownCell,
  configMaps: readonly ScoresConfigMap[],
  origin: CellOrigin,
): CellWithFindings {
  const expected = { id: cell.id, run: origin.run, evaluated };
  const { result: whole, findings } = readRunResult(expected, configMaps);
  const result = whole !== null && kind === "named" ? selectCategoryResult(whole, cell.parts.category) : whole;
  const scores = result?.scores ?? [];
  const { checkpoints, findings: earlierFindings } = readCheckpointScores(expected, configMaps, result);
  const own = { scores, scoreIndex: indexScores(scores), checkpoints };
  return {
    cell: { ...cell, kind, ...origin, ...own, ...noReferences, result },
    findings: [...findings, ...describeIncompleteUnits(cell.id, whole), ...earlierFindings],
  };
}

/** The same cell with the scores of the base model and of the paper that are comparable with its own. */
export function addReferenceScores(
  cell: ReportCell,
  { bases, published }: Pick<Report, "bases" | "published">,
): ReportCell {
  const base = bases.get(buildModelKey(cell.parts.family));
  return {
    ...cell,
    base: selectComparableScores(cell.scoreIndex, base?.scores ?? new Map()),
    baseFailures: base?.origin === "own" ? (base.result.failures ?? []) : [],
    paper: selectComparableScores(cell.scoreIndex, indexScores(published.cells.get(cell.matrixId) ?? [])),
  };
}

const studyCoordinates = familyNames.flatMap((family) =>
  categoryNames.flatMap((category) => dataKinds.map((data) => ({ family, category, data }))),
);

/** The paper's cells in the shape of a report's, family by family. */
export function listPublishedCells(published: PublishedNumbers): ReportCell[] {
  return studyCoordinates.flatMap((coordinates) => {
    const cell = buildCell(coordinates);
    const scores = published.cells.get(cell.id);
    return scores === undefined
      ? []
      : [
          {
            ...cell,
            kind: "trained",
            label: cell.id,
            gpu: null,
            group: findModelName(published, cell.parts.family),
            run: "",
            scores,
            scoreIndex: indexScores(scores),
            checkpoints: [],
            ...noReferences,
            result: null,
          },
        ];
  });
}
