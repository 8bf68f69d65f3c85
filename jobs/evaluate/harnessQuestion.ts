import type { HarnessBenchmark } from "../config/index.ts";

/** The version of lm-evaluation-harness in the images (images/evaluate/requirements.in), which scores depend on. */
export const harnessVersion = "0.4.13";

/** A benchmark that lm-evaluation-harness evaluates: its task, or the task of each language, and where its data are. */
export interface HarnessQuestion {
  readonly kind: "lm-eval";
  readonly harness: string;
  readonly task?: string;
  readonly tasks?: Readonly<Record<string, string>>;
  readonly metric: string;
  readonly items: number;
  /** `repository@commit` on the hub; undefined for data that are copied into the store by hand. */
  readonly dataset?: string;
}

export function buildHarnessQuestion(benchmark: HarnessBenchmark): HarnessQuestion {
  const { kind, task, tasks, metric, items, dataset } = benchmark;
  return {
    kind,
    harness: harnessVersion,
    ...(task !== undefined && { task }),
    ...(tasks !== undefined && { tasks }),
    metric,
    items,
    ...(dataset !== undefined && { dataset: `${dataset.repository}@${dataset.revision}` }),
  };
}
