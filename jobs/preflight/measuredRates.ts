import type { TargetResult } from "./checkResults.ts";

/** Figures of a cluster that replace constants of the plan; those that no check gave are omitted. */
export interface MeasuredRates {
  /** bf16 TFLOPS of the slowest device. */
  readonly tflops?: number;
  /** Bus bandwidth of an all-reduce in a node, in GB/s, of the slowest node. */
  readonly inNodeGBs?: number;
  /** Bus bandwidth of an all-reduce over two nodes, in GB/s, of the slowest pair: what a node sends to the other. */
  readonly betweenNodesGBs?: number;
  /** MB/s at which one writer fills the store, of the slowest node. */
  readonly storeMBs?: number;
  /** Time of the oldest result, in ISO 8601. */
  readonly since: string;
}

const checkNames = {
  tflops: "gemm",
  inNodeGBs: "all-reduce",
  betweenNodesGBs: "all-reduce-between",
  storeMBs: "store-write",
} as const;

function findSlowest(results: readonly TargetResult[], name: string): number | undefined {
  const values = results.flatMap(({ checks }) => {
    const value = checks.find((check) => check.name === name && check.status !== "skipped")?.value;
    return value ?? [];
  });
  return values.length === 0 ? undefined : Math.min(...values);
}

/**
 * Reads what the plan needs from the kept results of `preflight`; undefined without results. A training waits for its
 * slowest device, link and writer, so the slowest value counts. On emulated devices the figures are the processor's.
 */
export function readMeasuredRates(results: readonly TargetResult[]): MeasuredRates | undefined {
  const [since] = results.map(({ time }) => time).sort();
  if (since === undefined) return undefined;
  const found = Object.entries(checkNames).flatMap(([key, name]) => {
    const value = findSlowest(results, name);
    return value === undefined ? [] : [[key, value] as const];
  });
  return { ...Object.fromEntries(found), since };
}
