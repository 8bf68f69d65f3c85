import { z } from "zod";
import { buildCountSchema } from "./schemaParts.ts";

export const zeroModes = [2, 3, "hpz"] as const;

/** ZeRO stage 2 or 3, or stage 3 with a second copy of the weights in each node (hpZ of ZeRO++). */
export type ZeroMode = (typeof zeroModes)[number];

/** Another way to compute the same optimizer steps. Sums are added in another order, so runs get other names. */
export const executionSchema = z
  .strictObject({
    microBatch: buildCountSchema(1024)
      .exactOptional()
      .describe("sequences that a device reads at a time; gradient accumulation adapts, so the batch of a step stays"),
    zero: z
      .literal(zeroModes)
      .exactOptional()
      .describe("the ZeRO stage; hpz is stage 3 with a second copy of the weights in each node"),
    buckets: z
      .int()
      .min(1e5)
      .max(1e10)
      .exactOptional()
      .describe("elements that DeepSpeed sends at a time; larger buckets send fewer messages and need more memory"),
    overlap: z
      .boolean()
      .exactOptional()
      .describe("overlap_comm of DeepSpeed; false avoids the NaN that others saw on AMD (docs/recipes.md)"),
  })
  .exactOptional()
  .describe("another way to compute the same optimizer steps, for all cells; changes the names of runs");

export type ExecutionSettings = NonNullable<z.infer<typeof executionSchema>>;
