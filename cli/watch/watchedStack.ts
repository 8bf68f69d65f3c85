/** A cell, and the names of the objects that make its scores. */
export interface WatchedCell {
  readonly id: string;
  readonly trainJob: string;
  readonly evaluation: string;
  /** The evaluations of checkpoints before the one that has the cell's score. */
  readonly earlierEvaluations: readonly string[];
  /** Jobs and JobSets that must be done before training or evaluation: mixture, model, benchmarks. */
  readonly dataJobs: readonly string[];
}

/** A model that is evaluated like a cell, without a training: a base model, or one of an evaluation stack. */
export type WatchedBase = Pick<WatchedCell, "id" | "evaluation" | "earlierEvaluations" | "dataJobs">;

/** The cells and base models that a stack has submitted. */
export interface WatchedStack {
  readonly cells: readonly WatchedCell[];
  readonly bases: readonly WatchedBase[];
}

/** The outputs of a submitted stack, as `up` records them. */
interface SubmittedOutputs {
  readonly cells: readonly {
    readonly id: string;
    readonly names: {
      readonly data: string;
      readonly train: string;
      readonly evaluate: string;
      /** Absent in stacks that an older version submitted. */
      readonly evaluateEarlier?: readonly string[];
    };
  }[];
  readonly bases: readonly {
    readonly id: string;
    /** `data` is absent if a model waits for all shared Jobs. */
    readonly names: { readonly evaluate: string; readonly data?: readonly string[] };
  }[];
  /** Jobs and JobSets that the cells share. */
  readonly shared: readonly string[];
}

/** Converts the outputs of a stack into the names that `watch` and `explain` look for on the cluster. */
export function convertSubmittedStack({ cells, bases, shared }: SubmittedOutputs): WatchedStack {
  return {
    cells: cells.map(({ id, names }) => ({
      id,
      trainJob: names.train,
      evaluation: names.evaluate,
      earlierEvaluations: names.evaluateEarlier ?? [],
      dataJobs: [names.data, ...shared],
    })),
    bases: bases.map(({ id, names: { evaluate, data = shared } }) => ({
      id,
      evaluation: evaluate,
      earlierEvaluations: [],
      dataJobs: data,
    })),
  };
}
