import type { GpuModel } from "../jobs/hardware/gpuCatalog.ts";
import type { Cell, Family, Matrix } from "../jobs/matrix/index.ts";
import type { BaseScoresByModel } from "./baseScores.ts";
import type { CheckpointScores } from "./checkpointScores.ts";
import type { ExpectedCell, NamedModel } from "./expectedCell.ts";
import type { Measure } from "./scoreMeasure.ts";
import type { PublishedNumbers } from "./published/publishedNumbers.ts";
import type { ScoreIndex } from "./scoreIndex.ts";
import type { CellResult, Score, ScoresConfigMap, UnitFailure } from "./scoresConfigMap.ts";

/** The GPU nodes of a cluster as its API shows them. */
export interface GpuNodeSummary {
  readonly gpu: string;
  readonly emulated: boolean;
  readonly nodes: number;
  readonly devices: number;
}

/** A range of GPU-hours (hours of a card, as they are billed), because the speed is not known beforehand. */
export interface HoursBand {
  readonly low: number;
  readonly high: number;
}

/** The GPU-hours that a plan predicts for a training. */
export interface PlannedTraining extends HoursBand {
  /** Devices of one card, which may be partitioned; those of a whole card if omitted. */
  readonly devicesPerCard?: number;
}

/** Planned trainings by the name of the run. */
export type PlannedHours = ReadonlyMap<string, PlannedTraining>;

/** A stack, the cells that it has submitted, and the results that its cluster holds. */
export interface StackInput {
  readonly stack: string;
  /** The axes of its cells: the study's, and the stack's additions to them. */
  readonly matrix: Matrix;
  readonly cells: readonly ExpectedCell[];
  /** The models that the cells start from. */
  readonly bases: readonly ExpectedCell[];
  /** The models of an evaluation stack that are neither cells nor base models. */
  readonly models?: readonly NamedModel[];
  /** True if the stack trains nothing. */
  readonly evaluatesOnly?: boolean;
  readonly configMaps: readonly ScoresConfigMap[];
  /** null if the cluster does not allow reading its nodes. */
  readonly hardware: GpuNodeSummary | null;
}

export interface ReportInput {
  /** ISO date of the report. */
  readonly now: string;
  readonly stacks: readonly StackInput[];
  readonly published: PublishedNumbers;
  readonly plannedHours?: PlannedHours;
}

/**
 * The origin of a cell's scores: a training of a stack or of the paper, a model that a stack only evaluated under the
 * name of a cell, or one with another name, which has a position in each category that it was evaluated in.
 */
export type CellKind = "trained" | "evaluated" | "named";

export interface ReportCell extends Readonly<Cell> {
  readonly kind: CellKind;
  /** Display name: the id, with the stack if two stacks have cells of one family. */
  readonly label: string;
  /** Name of the model (and stack) whose cells are compared with each other. Shown as a heading. */
  readonly group: string;
  /** The GPU of its cluster; null if it is unknown or not in the catalog. */
  readonly gpu: GpuModel | null;
  /** Empty for the paper's own cells, whose runs are unknown. */
  readonly run: string;
  readonly scores: readonly Score[];
  readonly scoreIndex: ScoreIndex;
  /** The scores of its checkpoints in the order of their steps; empty if only one is evaluated. */
  readonly checkpoints: readonly CheckpointScores[];
  /** Scores of the base model that are comparable with the cell's own; empty if the model has none. */
  readonly base: ScoreIndex;
  /** The units that the base model lacks because their evaluation failed. */
  readonly baseFailures: readonly UnitFailure[];
  /** The paper's scores of this cell that are comparable with its own; empty for a cell that the paper lacks. */
  readonly paper: ScoreIndex;
  /** Everything that the run published; null if it has no readable scores (yet), and for the paper's cells. */
  readonly result: CellResult | null;
  /** The runs whose mean its scores are: repetitions with other seeds. Absent for a single run. */
  readonly repetitions?: readonly ReportCell[];
}

export interface Report {
  /** Scores of runs, or the paper's own numbers. */
  readonly source: "runs" | "published";
  readonly stacks: readonly string[];
  readonly now: string;
  readonly hardware: readonly GpuNodeSummary[];
  readonly hardwareUnknown: boolean;
  /** The share of cells of the tiny family, whose scores mean nothing: none, a part or all of them. */
  readonly miniature: "no" | "part" | "whole";
  /** Everything that the stacks name: the study's axes and their additions to them. */
  readonly matrix: Matrix;
  readonly cells: readonly ReportCell[];
  readonly bases: BaseScoresByModel;
  readonly published: PublishedNumbers;
  readonly plannedHours: PlannedHours;
  readonly measures: readonly Measure[];
  /** Problems of the input and deviations from the published recipes, one sentence each. */
  readonly findings: readonly string[];
}

/** The paper's name of a model, or the family's title if the paper does not have the model. */
export function findModelName(published: PublishedNumbers, { name, title }: Family): string {
  return published.modelNames.get(name) ?? title;
}

/** The cells at one position of the matrix: at most one per group, because a stack may leave it out. */
export function selectCells(
  cells: readonly ReportCell[],
  { data, category }: { data?: string; category?: string },
): ReportCell[] {
  return cells.filter(
    (cell) => (data === undefined || cell.data === data) && (category === undefined || cell.category === category),
  );
}

/** The cells of one model (and stack). */
export interface CellGroup {
  readonly name: string;
  readonly cells: readonly ReportCell[];
}

/** Cells by group, in the order in which the groups first appear. */
export function groupCells({ cells }: Pick<Report, "cells">): CellGroup[] {
  return [...Map.groupBy(cells, ({ group }) => group)].map(([name, group]) => ({ name, cells: group }));
}
