import { parse } from "yaml";
import { z } from "zod";

/** The part of a TrainJob's spec by which the supervisor saves, stops and removes. */
const checkpointSpecSchema = z.object({
  steps: z.array(z.number()).readonly().optional(),
  /** True if the last checkpoint is evaluated, whatever its step is. */
  last: z.boolean().optional(),
  /** True if training ends after the highest of the steps. */
  stop: z.boolean().optional(),
  /** True if the weights of all checkpoints are kept. */
  keepWeights: z.boolean().optional(),
});
export type CheckpointSpec = Readonly<z.infer<typeof checkpointSpecSchema>>;

/** The checkpoints that a submitted TrainJob writes, whatever the stack's file says by now. */
export interface SubmittedCheckpoints extends CheckpointSpec {
  readonly saveSteps: number;
}

const trainJobSchema = z.object({
  spec: z.object({ trainer: z.object({ env: z.array(z.object({ name: z.string(), value: z.string().optional() })) }) }),
});

const trainSpecSchema = z.object({ recipe: z.object({ save_steps: z.number() }), checkpoints: checkpointSpecSchema });

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
