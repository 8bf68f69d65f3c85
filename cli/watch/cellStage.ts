import type { WorkloadFailure } from "./workloadFailure.ts";

export type StageName =
  | "not submitted"
  | "waiting for data"
  | "data"
  | "queued"
  | "starting"
  | "train"
  | "evaluate"
  | "publish"
  | "done"
  | "failed";

/** The part of a cell's way that a stage belongs to. */
export type WatchedStep = "data" | "train" | "evaluate" | "publish";

/** Where a cell is in its step. */
export interface Stage {
  readonly name: StageName;
  readonly step: WatchedStep;
  /** How much of the step is done, 0 to 1. */
  readonly fraction: number;
  /** Seconds until the step ends; null where it has not begun or cannot be said. */
  readonly stepEta: number | null;
  /** Such as the benchmark, `12/24 steps` or why a pod does not start; may be empty. */
  readonly detail: string;
  readonly failure: WorkloadFailure | null;
}

/**
 * Share of a cell's time that each step takes: those of the demo's cells on two cores, rounded. With a real family the
 * shares differ, so the time left is rough until the last step; percentages of a step itself are exact.
 */
const stepWeights: Record<WatchedStep, number> = { data: 5, train: 55, evaluate: 38, publish: 2 };
const stepOrder: readonly WatchedStep[] = ["data", "train", "evaluate", "publish"];

function sumStepWeights(steps: readonly WatchedStep[]): number {
  return steps.reduce((sum, step) => sum + stepWeights[step], 0);
}

/** Percent of the cell's whole way. */
export function computePercent({ name, step, fraction }: Stage): number {
  return name === "done"
    ? 100
    : sumStepWeights(stepOrder.slice(0, stepOrder.indexOf(step))) + fraction * stepWeights[step];
}

/**
 * Seconds until the cell is done: the rest of this step, and the later ones in proportion to what the whole of this one takes.
 * null where this step cannot say. Time in a queue is not foreseen.
 */
export function estimateSecondsToDone({ step, fraction, stepEta }: Stage): number | null {
  if (stepEta === null || fraction >= 1) return stepEta;
  const whole = stepEta / (1 - fraction);
  return stepEta + (whole * sumStepWeights(stepOrder.slice(stepOrder.indexOf(step) + 1))) / stepWeights[step];
}

export function buildStage(name: StageName, step: WatchedStep, more: Partial<Stage> = {}): Stage {
  return { name, step, fraction: 0, stepEta: null, detail: "", failure: null, ...more };
}
