import type { Artifact } from "../data/index.ts";
import type { RunEvaluations } from "../evaluate/index.ts";
import { buildEvaluationJobSet } from "../evaluate/index.ts";
import type { JobManifest, JobSetManifest, TrainJobManifest } from "../kube/manifestTypes.ts";
import type { Cell } from "../matrix/index.ts";
import type { Run, TrainJobContext } from "../train/index.ts";
import { buildTrainJob } from "../train/index.ts";
import type { BaseExperiment } from "./baseExperiment.ts";

type DataManifest = JobManifest | JobSetManifest;

/** A cell with its three steps. */
export interface CellExperiment extends RunEvaluations {
  readonly cell: Cell;
  readonly run: Run;
  /** The step that prepares the data for this cell's training. */
  readonly data: DataManifest;
  /** The cell that submits the data step: the first of those that read the same tokens. */
  readonly dataOwner: Cell;
  readonly train: TrainJobManifest;
  readonly evaluate: JobSetManifest;
  /** The evaluations of the checkpoints before the one that has the cell's score. */
  readonly evaluateEarlier: readonly JobSetManifest[];
}

/** A mixture of a corpora stack, represented by a cell, with the artifact that it becomes. */
export interface MixtureExperiment {
  readonly mixture: Cell;
  readonly corpus: Artifact<JobSetManifest>;
}

/** Everything that a stack submits, as plain data to be tested, rendered or applied. */
export interface Experiment {
  /** Jobs that the others depend on: the base model, benchmarks and tools. */
  readonly shared: readonly JobManifest[];
  /** The mixtures of a corpora stack; empty for a family. */
  readonly mixtures: readonly MixtureExperiment[];
  /** The models that the stack does not train: the base model of a family, or those of an evaluation stack. */
  readonly bases: readonly BaseExperiment[];
  /** The cells in the order of submission. */
  readonly cells: readonly CellExperiment[];
}

/** A cell whose rank in the order of submission is not yet known. */
export interface CellDraft extends RunEvaluations {
  readonly run: Run;
  readonly dataArtifact: Artifact<DataManifest>;
}

/** An experiment whose cells are not yet sorted. */
export interface ExperimentDraft extends Omit<Experiment, "cells"> {
  readonly cells: readonly CellDraft[];
}

export function ownsData({ cell, dataOwner }: Pick<CellExperiment, "cell" | "dataOwner">): boolean {
  return cell.id === dataOwner.id;
}

/** Builds a cell's experiment. Manifests are built on access, because an estimate of thousands of cells needs none. */
export function buildCellExperiment(
  { run, evaluation, earlierEvaluations, dataArtifact, dataOwner }: CellDraft & Pick<CellExperiment, "dataOwner">,
  context: TrainJobContext,
): CellExperiment {
  const { config, cluster } = context;
  return {
    cell: run.cell,
    run,
    evaluation,
    earlierEvaluations,
    dataOwner,
    get data() {
      return dataArtifact.job;
    },
    get train() {
      return buildTrainJob(run, context);
    },
    get evaluate() {
      return buildEvaluationJobSet(evaluation, cluster, config.stack);
    },
    get evaluateEarlier() {
      return earlierEvaluations.map((earlier) => buildEvaluationJobSet(earlier, cluster, config.stack));
    },
  };
}
