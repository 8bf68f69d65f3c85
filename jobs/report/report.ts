import type { Cell } from "../matrix/cell.ts";
import { matrixCell, type ExpectedCell } from "./cell.ts";
import { findGaps } from "./gaps.ts";
import { measuresOf, type Measure } from "./measure.ts";
import { readScores, type CellScores, type ReadScores, type ScoresConfigMap } from "./scores.ts";

/** The nodes with GPUs as the cluster shows them. */
export interface Hardware {
  readonly gpu: string;
  readonly emulated: boolean;
  readonly nodes: number;
  readonly devices: number;
}

export interface ReportInput {
  readonly stack: string;
  /** ISO date at which the report is made. */
  readonly now: string;
  readonly cells: readonly ExpectedCell[];
  readonly configMaps: readonly ScoresConfigMap[];
  /** null where the cluster does not let its nodes be read. */
  readonly hardware: Hardware | null;
}

export interface CellResult extends CellScores {
  /** ISO date at which the scores were published. */
  readonly finished: string | null;
}

export interface ReportCell extends Readonly<Cell> {
  readonly run: string;
  /** null where the cell has no readable scores (yet). */
  readonly result: CellResult | null;
}

export interface Report {
  readonly stack: string;
  readonly now: string;
  readonly hardware: Hardware | null;
  /** True for the tiny family, whose scores mean nothing. */
  readonly miniature: boolean;
  readonly cells: readonly ReportCell[];
  readonly measures: readonly Measure[];
  /** What is wrong with the input, one sentence each. */
  readonly findings: readonly string[];
}

interface ReadCell {
  readonly cell: ReportCell;
  readonly findings: string[];
}

const missing = (cell: ExpectedCell): ReportCell => ({ ...cell, ...matrixCell(cell.id), result: null });

const mismatch = (cell: ExpectedCell, configMap: ScoresConfigMap, scores: CellScores): string[] => [
  ...(scores.cell === cell.id ? [] : [`ConfigMap ${configMap.name} says it is of cell ${scores.cell}; the run ${cell.run} belongs to ${cell.id}.`]),
  ...(scores.run === cell.run ? [] : [`ConfigMap ${configMap.name} says it is of run ${scores.run}; expected ${cell.run}.`]),
];

const readCell = (cell: ExpectedCell, configMap: ScoresConfigMap | undefined): ReadCell => {
  if (configMap === undefined) return { cell: missing(cell), findings: [] };
  const read: ReadScores = readScores(configMap);
  if (!read.ok) return { cell: missing(cell), findings: read.problems };
  const findings = mismatch(cell, configMap, read.scores);
  if (findings.length > 0) return { cell: missing(cell), findings };
  return { cell: { ...missing(cell), result: { ...read.scores, finished: configMap.created } }, findings };
};

/** Puts the scores that are there beside the cells that are expected. Scores of other runs are left out. */
export const buildReport = ({ stack, now, cells, configMaps, hardware }: ReportInput): Report => {
  const byName = new Map(configMaps.map((configMap) => [configMap.name, configMap]));
  const read = cells.map((cell) => readCell(cell, byName.get(`scores-${cell.run}`)));
  const reportCells = read.map(({ cell }) => cell);
  return {
    stack,
    now,
    hardware,
    miniature: reportCells.some(({ family }) => family === "tiny"),
    cells: reportCells,
    measures: measuresOf(reportCells.flatMap(({ result }) => result?.scores ?? [])),
    findings: [...read.flatMap(({ findings }) => findings), ...findGaps(reportCells)],
  };
};
