import type { GpuModel } from "../jobs/hardware/gpuCatalog.ts";
import type { Cell, Family, Matrix } from "../jobs/matrix/index.ts";
import type { BaseScoresByModel } from "./baseScores.ts";
import type { ExpectedCell } from "./expectedCell.ts";
import type { Measure } from "./scoreMeasure.ts";
import type { PublishedNumbers } from "./published/publishedNumbers.ts";
import type { ScoreIndex } from "./scoreIndex.ts";
import type { CellResult, Score, ScoresConfigMap } from "./scoresConfigMap.ts";

/** The nodes with GPUs as a cluster shows them. */
export interface GpuNodeSummary {
  readonly gpu: string;
  readonly emulated: boolean;
  readonly nodes: number;
  readonly devices: number;
}

/** A band of GPU-hours (hours of a card, as they are billed), because the speed is not known beforehand. */
export interface HoursBand {
  readonly low: number;
  readonly high: number;
}

/** GPU-hours that a plan foresees for trainings, by the name of the run. */
export type PlannedHours = ReadonlyMap<string, HoursBand>;

/** A stack, the cells that it has submitted, and what its cluster has of them. */
export interface StackInput {
  readonly stack: string;
  /** What its configuration makes cells of: the study's axes, and what the stack adds to them. */
  readonly matrix: Matrix;
  readonly cells: readonly ExpectedCell[];
  /** The models that they start from. */
  readonly bases: readonly ExpectedCell[];
  readonly configMaps: readonly ScoresConfigMap[];
  /** null where the cluster does not let its nodes be read. */
  readonly hardware: GpuNodeSummary | null;
}

export interface ReportInput {
  /** ISO date at which the report is made. */
  readonly now: string;
  readonly stacks: readonly StackInput[];
  readonly published: PublishedNumbers;
  readonly plannedHours?: PlannedHours;
}

export interface ReportCell extends Readonly<Cell> {
  /** For people: the id, and the stack where two stacks have cells of one family. */
  readonly label: string;
  /** The cells that are compared with each other: those of one model (and stack). Shown as a heading. */
  readonly group: string;
  /** The GPU of its cluster; null where it is not known, or not in the catalogue. */
  readonly gpu: GpuModel | null;
  /** Empty for the paper's own cells, of which no run is known. */
  readonly run: string;
  readonly scores: readonly Score[];
  readonly index: ScoreIndex;
  /** Scores of the base model that may stand beside the cell's own; empty where the model has none. */
  readonly base: ScoreIndex;
  /** The paper's scores of this cell that may stand beside the cell's own; empty for a cell that the paper lacks. */
  readonly paper: ScoreIndex;
  /** What the run said beside its scores; null where it has no readable scores (yet), and for the paper's cells. */
  readonly result: CellResult | null;
}

export interface Report {
  /** Scores of runs, or the paper's own numbers. */
  readonly source: "runs" | "published";
  readonly stacks: readonly string[];
  readonly now: string;
  readonly hardware: readonly GpuNodeSummary[];
  readonly hardwareUnknown: boolean;
  /** Are the cells of the tiny family, whose scores mean nothing? */
  readonly miniature: "no" | "part" | "whole";
  /** All that the stacks name: the study's axes, and what they add to them. */
  readonly matrix: Matrix;
  readonly cells: readonly ReportCell[];
  readonly bases: BaseScoresByModel;
  readonly published: PublishedNumbers;
  readonly plannedHours: PlannedHours;
  readonly measures: readonly Measure[];
  /** What is wrong with the input, or is not as it was published, one sentence each. */
  readonly findings: readonly string[];
}

/** The paper's name of a model; ours where the paper has none. */
export function findModelName(published: PublishedNumbers, { name, title }: Family): string {
  return published.modelNames.get(name) ?? title;
}

/** The cells of one place in the matrix: one per group, none where a stack leaves it out. */
export function selectCells(
  cells: readonly ReportCell[],
  { data, category }: { data?: string; category?: string },
): ReportCell[] {
  return cells.filter(
    (cell) => (data === undefined || cell.data === data) && (category === undefined || cell.category === category),
  );
}

/** Cells by group, in the order in which the groups first appear. */
export function groupCells({
  cells,
}: Pick<Report, "cells">): { readonly name: string; readonly cells: readonly ReportCell[] }[] {
  return [...Map.groupBy(cells, ({ group }) => group)].map(([name, group]) => ({ name, cells: group }));
}
