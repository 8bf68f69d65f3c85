import { z } from "zod";
import type { Stage } from "./cellStage.ts";
import type { CellState } from "./gridState.ts";
import { determineOutcome } from "./gridState.ts";
import type { StackState } from "./stackState.ts";

const secondsLeftSchema = z.int().nullable().describe("an estimate; null if unknown or done");

const stageSchema = z.strictObject({
  id: z.string().describe("name of the cell, the base model or the job"),
  stage: z.string().describe("such as waiting for data, queued, train, evaluate, done, failed"),
  step: z.enum(["data", "train", "evaluate", "publish"]),
  percent: z.int().min(0).max(100).describe("rounded down, so that 100 means done"),
  secondsLeft: secondsLeftSchema,
  detail: z.string().describe("such as the benchmark, or 12/24 steps; may be empty"),
  reason: z
    .strictObject({ kind: z.string(), summary: z.string(), message: z.string() })
    .nullable()
    .describe("what blocks it, in the words of Kueue, the scheduler or the kubelet; null for nothing"),
  failure: z
    .strictObject({
      reason: z.string(),
      exitCode: z.int().nullable(),
      lastLine: z.string().nullable(),
      command: z.string().describe("shows more"),
    })
    .nullable(),
});

/** A line of `mixcpt watch --json`. Other programs read it: keys are added, never renamed or removed. */
export const watchDocumentSchema = z.strictObject({
  stacks: z.array(
    z.strictObject({
      stack: z.string(),
      outcome: z.enum(["running", "done", "failed"]),
      percent: z.int().min(0).max(100),
      secondsLeft: secondsLeftSchema,
      cells: z.array(stageSchema),
      bases: z.array(stageSchema).describe("base models, which are evaluated like cells"),
      jobs: z.array(stageSchema).describe("jobs that prepare data, models and benchmarks"),
    }),
  ),
  notice: z.string().nullable().describe("such as a cluster that does not answer; null for nothing"),
});
type WatchDocument = z.infer<typeof watchDocumentSchema>;
type StageDocument = z.infer<typeof stageSchema>;

function roundSeconds(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds);
}

function buildStageDocument(
  { name, step, detail, reason, failure }: Stage,
  { id, percent, eta }: Pick<CellState, "id" | "percent" | "eta">,
): StageDocument {
  return {
    id,
    stage: name,
    step,
    percent: Math.floor(percent),
    secondsLeft: name === "done" ? null : roundSeconds(eta),
    detail,
    reason: reason === null ? null : { kind: reason.kind, summary: reason.summary, message: reason.message },
    failure:
      failure === null
        ? null
        : { reason: failure.reason, exitCode: failure.exitCode, lastLine: failure.lastLine, command: failure.command },
  };
}

function buildWatchedStack({ stack, state }: StackState): WatchDocument["stacks"][number] {
  const { cells, bases, data, percent, eta } = state;
  return {
    stack,
    outcome: determineOutcome(state),
    percent: Math.floor(percent),
    secondsLeft: roundSeconds(eta),
    cells: cells.map((cell) => buildStageDocument(cell, cell)),
    bases: bases.map((base) => buildStageDocument(base, base)),
    jobs: data.map((job) => buildStageDocument(job, { id: job.job, percent: 100 * job.fraction, eta: job.stepEta })),
  };
}

export function buildWatchDocument(states: readonly StackState[], notice: string | null): WatchDocument {
  return { stacks: states.map(buildWatchedStack), notice };
}
