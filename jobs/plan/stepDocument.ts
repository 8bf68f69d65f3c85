import { z } from "zod";
import type { ZeroMode } from "../config/index.ts";
import { findBestExecution } from "./bestExecution.ts";
import type { CellPlan } from "./cellPlan.ts";
import { rangeSchema, roundRange, roundToSixDigits } from "./planNumbers.ts";

export const stepSchema = z
  .strictObject({
    microBatch: z.int().positive().describe("sequences that a device reads at a time"),
    accumulation: z.int().positive().describe("micro-steps of an optimizer step"),
    zero: z.enum(["none", "2", "3", "hpz"]).describe("how ZeRO divides the model"),
    computeSeconds: rangeSchema,
    communicationSeconds: z.number(),
    networkSeconds: z.number().describe("seconds in which the network between nodes sends; 0 on one node"),
    seconds: rangeSchema.describe("the larger of compute and communication if they overlap, to their sum"),
    utilization: rangeSchema.describe("share of the peak over the whole step"),
    boundBy: z.enum(["compute", "links in the node", "network between nodes"]),
  })
  .describe("an optimizer step; absent in older plans");

export const bestExecutionSchema = z
  .strictObject({
    microBatch: z.int().positive(),
    zero: z.enum(["2", "3", "hpz"]),
    savedShare: z.number().describe("of gpuHours.high"),
  })
  .describe("the mixcpt:execution that fits and costs least; absent if it saves less than 2 %, and in older plans");

/** Builds the document of a cell's optimizer step. */
export function buildStepDocument({ batch, accumulation, sharding, estimate }: CellPlan): z.infer<typeof stepSchema> {
  const { compute, communication, network, total, utilization, boundBy } = estimate.step;
  return {
    microBatch: batch.sequences,
    accumulation,
    zero: sharding === undefined ? "none" : formatZeroMode(sharding.zero),
    computeSeconds: roundRange(compute),
    communicationSeconds: roundToSixDigits(communication),
    networkSeconds: roundToSixDigits(network),
    seconds: roundRange(total),
    utilization: roundRange(utilization),
    boundBy,
  };
}

function formatZeroMode(zero: ZeroMode): "2" | "3" | "hpz" {
  return zero === "hpz" ? zero : (String(zero) as "2" | "3");
}

/** Builds the key of a stack for the execution that costs the least; empty if none saves enough. */
export function buildBestExecutionDocument(cells: readonly CellPlan[]): {
  bestExecution?: z.infer<typeof bestExecutionSchema>;
} {
  const best = findBestExecution(cells);
  if (best === undefined) return {};
  const { microBatch, zero, savedShare } = best;
  return { bestExecution: { microBatch, zero: formatZeroMode(zero), savedShare: roundToSixDigits(savedShare) } };
}
