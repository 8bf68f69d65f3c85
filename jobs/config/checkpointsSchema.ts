import { z } from "zod";
import { buildCountSchema, buildRuleError } from "./schemaParts.ts";

const maxStep = 1e9;

const evaluatedItemSchema = z.union(
  [z.enum(["study", "last"]), buildCountSchema(maxStep), z.strictObject({ every: buildCountSchema(maxStep) })],
  buildRuleError("not-allowed", "must be study, last, a step like 5000, or {every: 1000}"),
);

/** The schema of the checkpoints that are evaluated and kept. */
export const checkpointsSchema = z
  .strictObject({
    evaluate: z.array(evaluatedItemSchema).min(1).exactOptional(),
    stop: z.enum(["evaluated", "end"]).default("evaluated"),
    keep: z.enum(["evaluated", "weights"]).default("evaluated"),
  })
  .prefault({});

export type CheckpointChoice = z.infer<typeof checkpointsSchema>;
export type EvaluatedItem = z.infer<typeof evaluatedItemSchema>;
