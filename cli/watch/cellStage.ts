import { describeFailure } from "./workloadFailure.ts";
import { explainWaiting } from "./waiting/explainWaiting.ts";
import type { RunReference } from "./waiting/runObjects.ts";
import type { WaitingKind, WaitingReason } from "./waiting/waitingReason.ts";
import type { SnapshotContext, SubmittedObject, WorkloadFailure } from "./workloadFailure.ts";

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

/** The step of a cell's pipeline that a stage belongs to. */
type WatchedStep = "data" | "train" | "evaluate" | "publish";

/** The position of a cell in one step of its pipeline. */
export interface Stage {
  readonly name: StageName;
  readonly step: WatchedStep;
  /** The fraction of the step that is done, 0 to 1. */
  readonly fraction: number;
  /** Seconds until the step ends; null if it has not begun or the time is unknown. */
  readonly stepEta: number | null;
  /** Such as the benchmark, `12/24 steps` or the summary of the reason; may be empty. */
  readonly detail: string;
  readonly failure: WorkloadFailure | null;
  /** The reason that blocks the step; null if the cluster gives none. */
  readonly reason: WaitingReason | null;
}

/**
 * The share of a cell's time that each step takes, in percent: that of the demo's cells on two cores, rounded. The
 * shares of a real model family differ, so that the time left is rough until the last step; the percentages of a step
 * itself are exact.
 */
const stepWeights: Record<WatchedStep, number> = { data: 5, train: 55, evaluate: 38, publish: 2 };
const stepOrder: readonly WatchedStep[] = ["data", "train", "evaluate", "publish"];

function sumStepWeights(steps: readonly WatchedStep[]): number {
  return steps.reduce((sum, step) => sum + stepWeights[step], 0);
}

/** The percentage of the cell's whole pipeline that is done. */
export function computePercent({ name, step, fraction }: Stage): number {
  return name === "done"
    ? 100
    : sumStepWeights(stepOrder.slice(0, stepOrder.indexOf(step))) + fraction * stepWeights[step];
}

/**
 * Estimates the seconds until the cell is done: the rest of this step, and the later steps in proportion to the whole
 * of this one. Returns null if the time left of this step is unknown. Time in a queue is not included.
 */
export function estimateSecondsToDone({ step, fraction, stepEta }: Stage): number | null {
  if (stepEta === null || fraction >= 1) return stepEta;
  const stepSeconds = stepEta / (1 - fraction);
  const laterWeights = sumStepWeights(stepOrder.slice(stepOrder.indexOf(step) + 1));
  return stepEta + (stepSeconds * laterWeights) / stepWeights[step];
}

export function buildStage(name: StageName, step: WatchedStep, more: Partial<Stage> = {}): Stage {
  return { name, step, fraction: 0, stepEta: null, detail: "", failure: null, reason: null, ...more };
}

export function buildFailedStage(failed: SubmittedObject<WatchedStep>, context: SnapshotContext): Stage {
  return buildStage("failed", failed.step, { failure: describeFailure(failed, context) });
}

const waitingStages: readonly StageName[] = ["queued", "starting", "waiting for data", "publish"];

/** The causes that also block work that has begun: its other reasons are those of pods that wait while others work. */
const progressBlockers: readonly WaitingKind[] = ["node lost", "broken node", "crash loop"];

/** Adds the reason that blocks the run of a stage, unless the stage has ended or has a reason. */
export function addWaitingReason<S extends Stage>(stage: S, run: RunReference, { snapshot }: SnapshotContext): S {
  if (stage.reason !== null || stage.name === "done" || stage.name === "failed") return stage;
  const reason = explainWaiting(run, snapshot);
  if (reason === null) return stage;
  if (waitingStages.includes(stage.name)) return { ...stage, reason, detail: reason.summary };
  return progressBlockers.includes(reason.kind) ? { ...stage, reason } : stage;
}
