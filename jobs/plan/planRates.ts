import { z } from "zod";
import type { ClusterRate } from "../hardware/clusterRates.ts";
import { rateSources } from "../hardware/clusterRates.ts";
import type { CellPlan } from "./cellPlan.ts";
import { roundToSixDigits } from "./planNumbers.ts";

const clusterRateSchema = z.strictObject({
  value: z.number(),
  from: z
    .enum(rateSources)
    .describe("configured: in the cluster's file; measured: by preflight; preset: of a network; assumed: docs/plan.md"),
  since: z.string().exactOptional().describe("time of the oldest measurement, in ISO 8601; only if measured"),
});

export const ratesSchema = z
  .strictObject({
    inNodeGBs: clusterRateSchema.describe("GB/s that a device sends within its node"),
    betweenNodesGBs: clusterRateSchema.describe("GB/s that a node sends to others"),
    storeMBs: clusterRateSchema.describe("MB/s at which all nodes of a cell together write a checkpoint"),
    gemmTflops: clusterRateSchema
      .exactOptional()
      .describe("matrix products of a device, which bound compute; if measured"),
  })
  .describe("figures of the cluster behind the hours; absent in older plans and for mixtures");

function buildRateDocument({ value, from, since }: ClusterRate): z.infer<typeof clusterRateSchema> {
  return { value: roundToSixDigits(value), from, ...(since !== undefined && { since }) };
}

/** Builds the key of a stack for the rates of its cells, which are on equal nodes; empty without cells. */
export function buildRatesDocument([cell]: readonly CellPlan[]): { rates?: z.infer<typeof ratesSchema> } {
  if (cell === undefined) return {};
  const { network, storeMBs, gemmTflops } = cell;
  return {
    rates: {
      inNodeGBs: buildRateDocument(network.inNodeGBs),
      betweenNodesGBs: buildRateDocument(network.betweenNodesGBs),
      storeMBs: buildRateDocument(storeMBs),
      ...(gemmTflops !== undefined && { gemmTflops: buildRateDocument(gemmTflops) }),
    },
  };
}
