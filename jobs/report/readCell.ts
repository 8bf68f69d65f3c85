import { matrixCell, type ExpectedCell } from "./cell.ts";
import type { Report, ReportCell } from "./report.ts";
import { comparableTo, indexScores } from "./score.ts";
import { readScores, type CellScores, type ScoresConfigMap } from "./scores.ts";

/** What a cell has from its stack. */
export type CellPlace = Pick<ReportCell, "label" | "group" | "gpu">;

export interface ReadCell {
  readonly cell: ReportCell;
  /** Why the scores that are there are not shown, one sentence each. */
  readonly findings: readonly string[];
}

const mismatch = (cell: ExpectedCell, configMap: ScoresConfigMap, scores: CellScores): string[] => [
  ...(scores.cell === cell.id ? [] : [`ConfigMap ${configMap.name} says it is of cell ${scores.cell}; the run ${cell.run} belongs to ${cell.id}.`]),
  ...(scores.run === cell.run ? [] : [`ConfigMap ${configMap.name} says it is of run ${scores.run}; expected ${cell.run}.`]),
];

/** A cell with the scores of its ConfigMap; without scores where there is none, or none that can be trusted. */
export const readCell = (expected: ExpectedCell, configMap: ScoresConfigMap | undefined, place: CellPlace): ReadCell => {
  const missing: ReportCell = { ...matrixCell(expected.id), ...place, run: expected.run, scores: [], index: new Map(), base: new Map(), paper: new Map(), result: null };
  if (configMap === undefined) return { cell: missing, findings: [] };
  const read = readScores(configMap);
  if (!read.ok) return { cell: missing, findings: read.problems };
  const findings = mismatch(expected, configMap, read.scores);
  if (findings.length > 0) return { cell: missing, findings };
  const { scores } = read.scores;
  return { cell: { ...missing, scores, index: indexScores(scores), result: { ...read.scores, finished: configMap.created } }, findings };
};

/** The same cell with what its scores are compared with. */
export const withReferences = (cell: ReportCell, { bases, published }: Pick<Report, "bases" | "published">): ReportCell => ({
  ...cell,
  base: comparableTo(cell.index, bases.get(cell.family)?.scores ?? new Map()),
  paper: comparableTo(cell.index, indexScores(published.cells.get(cell.id) ?? [])),
});
