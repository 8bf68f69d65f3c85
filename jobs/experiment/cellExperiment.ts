import type { BaseExperiment } from "./baseExperiment.ts";
import type { Artifact } from "../data/index.ts";
import type { Evaluation } from "../evaluate/index.ts";
import { buildEvaluationJobSet } from "../evaluate/index.ts";
import type { JobManifest, JobSetManifest, TrainJobManifest } from "../kube/manifestTypes.ts";
import type { Cell } from "../matrix/index.ts";
import type { TrainJobContext, Run } from "../train/index.ts";
import { buildTrainJob } from "../train/index.ts";

type DataManifest = JobManifest | JobSetManifest;

/** The three steps of a cell, in their order. */
export interface CellExperiment {
  readonly cell: Cell;
  readonly run: Run;
  readonly evaluation: Evaluation;
  /** What makes the text ready for this cell's training. */
  readonly data: DataManifest;
  readonly train: TrainJobManifest;
  readonly evaluate: JobSetManifest;
}

/** A mixture of a stack of corpora, as a cell of some family shows it, and what makes it. */
export interface MixtureExperiment {
  readonly mixture: Cell;
  readonly corpus: Artifact<JobSetManifest>;
}

/** All that a stack submits. Plain data: it is tested, rendered and applied as it is. */
export interface Experiment {
  /** What the rest is made with: the base model, benchmarks, tools. */
  readonly shared: readonly JobManifest[];
  /** Of a stack of corpora. */
  readonly mixtures: readonly MixtureExperiment[];
  /** One per family. */
  readonly bases: readonly BaseExperiment[];
  /** In the order of submission. */
  readonly cells: readonly CellExperiment[];
}

/** What is known of a cell before its place in the order of submission is. */
export interface CellDraft {
  readonly run: Run;
  readonly evaluation: Evaluation;
  readonly dataArtifact: Artifact<DataManifest>;
}

/** An experiment whose cells have no order yet. */
export interface ExperimentDraft extends Omit<Experiment, "cells"> {
  readonly cells: readonly CellDraft[];
}

/** A cell whose manifests are written when they are asked for: an estimate of thousands of cells needs none of them. */
export function buildCellExperiment(
  { run, evaluation, dataArtifact: text }: CellDraft,
  place: TrainJobContext,
): CellExperiment {
  const { config, cluster } = place;
  return {
    cell: run.cell,
    run,
    evaluation,
    get data() {
      return text.job;
    },
    get train() {
      return buildTrainJob(run, place);
    },
    get evaluate() {
      return buildEvaluationJobSet(evaluation, cluster, config.stack);
    },
  };
}
