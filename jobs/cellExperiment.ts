import type { Evaluation } from "./evaluate/index.ts";
import type { JobManifest, JobSetManifest, TrainJobManifest } from "./kube/manifests.ts";
import type { AnyCell } from "./matrix/index.ts";
import type { Run } from "./train/index.ts";

/** The three steps of a cell, in their order. */
export interface CellExperiment {
  cell: AnyCell;
  run: Run;
  evaluation: Evaluation;
  /** What makes the text ready for this cell's training. */
  data: JobManifest | JobSetManifest;
  train: TrainJobManifest;
  evaluate: JobSetManifest;
}

/** All that a stack submits. Plain data: it is tested, rendered and applied as it is. */
export interface Experiment {
  /** What several cells use: the base model, benchmarks, corpora. */
  shared: readonly (JobManifest | JobSetManifest)[];
  /** In the order of submission. */
  cells: readonly CellExperiment[];
}
