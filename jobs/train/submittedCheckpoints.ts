import { parse } from "yaml";
import { z } from "zod";

/** The part of a TrainJob's spec by which the supervisor saves, stops and removes. */
export interface CheckpointSpec {
  readonly steps?: readonly number[] | undefined;
  /** True if the last checkpoint is evaluated, whatever its step is. */
  readonly last?: boolean | undefined;
  /** True if training ends after the highest of the steps. */
  readonly stop?: boolean | undefined;
  /** True if the weights of all checkpoints are kept. */
  readonly keepWeights?: boolean | undefined;
}

/** The checkpoints that a submitted TrainJob writes, whatever the stack's file says by now. */
export interface SubmittedCheckpoints extends CheckpointSpec {
  readonly saveSteps: number;
}

const trainJobSchema = z.object({
  spec: z.object({ trainer: z.object({ env: z.array(z.object({ name: z.string(), value: z.string().optional() })) }) }),
});

const trainSpecSchema = z.object({
  recipe: z.object({ save_steps: z.number() }),
  checkpoints: z.object({
    steps: z.array(z.number()).optional(),
    last: z.boolean().optional(),
    stop: z.boolean().optional(),
    keepWeights: z.boolean().optional(),
  }),
});

/** Reads the checkpoints from a TrainJob. Returns undefined if another version of this project wrote its spec. */
export function readSubmittedCheckpoints(trainJob: unknown): SubmittedCheckpoints | undefined {
  const env = trainJobSchema.safeParse(trainJob).data?.spec.trainer.env;
  const text = env?.find(({ name }) => name === "MIXCPT_SPEC")?.value;
  const spec = trainSpecSchema.safeParse(text === undefined ? undefined : parse(text)).data;
  return spec === undefined ? undefined : { ...spec.checkpoints, saveSteps: spec.recipe.save_steps };
}

function isWritten(step: number, { steps = [], stop, keepWeights, saveSteps }: SubmittedCheckpoints): boolean {
  if (steps.includes(step)) return true;
  const isReached = stop !== true || step <= Math.max(...steps);
  return keepWeights === true && isReached && step % saveSteps === 0;
}

/** Lists the evaluated checkpoints that a submitted training does not write and keep. */
export function listUnwrittenCheckpoints(
  submitted: SubmittedCheckpoints,
  { steps = [], last }: CheckpointSpec,
): (number | "last")[] {
  const unwritten = steps.filter((step) => !isWritten(step, submitted));
  return last === true && submitted.last !== true ? [...unwritten, "last"] : unwritten;
}
