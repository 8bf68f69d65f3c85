/** A cell, and the names of the objects that make its scores. */
export interface WatchedCell {
  readonly id: string;
  readonly trainJob: string;
  readonly evaluation: string;
  /** Jobs and JobSets that must be done before training or evaluation: mixture, model, benchmarks. */
  readonly dataJobs: readonly string[];
}

/** A base model that is evaluated like a cell, without a training. */
export type WatchedBase = Pick<WatchedCell, "id" | "evaluation" | "dataJobs">;

/** The cells and base models that a stack has submitted. */
export interface WatchedStack {
  readonly cells: readonly WatchedCell[];
  readonly bases: readonly WatchedBase[];
}
