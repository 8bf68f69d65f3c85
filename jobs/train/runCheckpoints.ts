import type { CheckpointChoice, EvaluatedItem } from "../config/index.ts";
import type { EvaluatedCheckpoint } from "./protocols.ts";

/** The checkpoints of a run that are evaluated and kept. */
export interface RunCheckpoints {
  /** In ascending order, at least one. "last" stands for a last step that depends on the length of the text. */
  readonly evaluated: readonly EvaluatedCheckpoint[];
  /** True if training ends after the last evaluated one, although its recipe goes on. */
  readonly stops: boolean;
  /** True if the weights of all checkpoints are kept. */
  readonly keepsWeights: boolean;
}

interface CheckpointSteps {
  /** The checkpoint that the protocol evaluates: "study" means this one. */
  readonly selected: EvaluatedCheckpoint;
  /** The last step of the run, if its recipe states it. */
  readonly last: EvaluatedCheckpoint;
}

function isStep(checkpoint: EvaluatedCheckpoint): checkpoint is number {
  return checkpoint !== "last";
}

/** Our assumption: no cell needs more evaluated checkpoints; each has a JobSet, and its weights in the store. */
export const maxEvaluatedCheckpoints = 100;

/** Lists the steps of `{every: N}` before the end of the series, at most one more than are allowed. */
function listRegularSteps(item: EvaluatedItem, end: number): number[] {
  if (typeof item !== "object") return [];
  const length = Math.min(Math.ceil(end / item.every) - 1, maxEvaluatedCheckpoints + 1);
  return Array.from({ length }, (_, index) => (index + 1) * item.every);
}

/**
 * Resolves the checkpoints of a stack's file to steps. A series `{every: N}` ends at the highest of the other steps:
 * the number of a run's checkpoints must be known before its text is tokenized.
 */
export function resolveCheckpoints(
  { evaluate, stop, keep }: CheckpointChoice,
  { selected, last }: CheckpointSteps,
): RunCheckpoints {
  const items = evaluate ?? [selected];
  const single = items.flatMap((item): EvaluatedCheckpoint[] => {
    if (item === "study") return [selected];
    if (item === "last") return [last];
    return typeof item === "number" ? [item] : [];
  });
  const bounds = single.length === 0 ? [last] : single;
  const end = Math.max(0, ...bounds.filter(isStep));
  const regular = items.flatMap((item) => listRegularSteps(item, end));
  const steps = [...new Set([...regular, ...bounds.filter(isStep)])].sort((a, b) => a - b);
  const evaluated = bounds.includes("last") ? [...steps, "last" as const] : steps;
  const stops = stop === "evaluated" && evaluated.at(-1) !== last;
  return { evaluated, stops, keepsWeights: keep === "weights" };
}
