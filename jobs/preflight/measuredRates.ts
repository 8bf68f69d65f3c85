import type { MeasuredRates, StoreWrites } from "../hardware/clusterRates.ts";
import type { TargetResult } from "./checkResults.ts";

const checkNames = { tflops: "gemm", inNodeGBs: "all-reduce", betweenNodesGBs: "all-reduce-between" } as const;

function findSlowest(results: readonly TargetResult[], name: string): number | undefined {
  const values = results.flatMap(({ checks }) => {
    const value = checks.find((check) => check.name === name && check.status !== "skipped")?.value;
    return value !== undefined && value !== null && value > 0 ? [value] : [];
  });
  return values.length === 0 ? undefined : Math.min(...values);
}

/** Reads the rate of the slowest node for each number of nodes that wrote together; results without it are of one. */
function listStoreWrites(results: readonly TargetResult[]): StoreWrites[] {
  const byWriters = Map.groupBy(results, ({ storeWriters }) => storeWriters ?? 1);
  return [...byWriters].flatMap(([writers, group]) => {
    const nodeMBs = findSlowest(group, "store-write");
    return nodeMBs === undefined ? [] : [{ writers, nodeMBs }];
  });
}

function isEmulated({ checks }: TargetResult): boolean {
  return checks.some(({ name, status }) => name === "devices" && status === "skipped");
}

/** Selects the results of real devices: on emulated ones, whose devices are not checked, a processor was measured. */
function selectDeviceResults(results: readonly TargetResult[]): TargetResult[] {
  const emulated = new Set(results.filter(isEmulated).flatMap(({ nodes }) => nodes));
  return results.filter(({ nodes }) => !nodes.some((node) => emulated.has(node)));
}

/**
 * Reads what the plan needs from the kept results of `preflight`; undefined without results of real devices. A training
 * waits for its slowest device, link and writer, so the slowest value counts.
 */
export function readMeasuredRates(results: readonly TargetResult[]): MeasuredRates | undefined {
  const real = selectDeviceResults(results);
  const [since] = real.map(({ time }) => time).sort();
  if (since === undefined) return undefined;
  const found = Object.entries(checkNames).flatMap(([key, name]) => {
    const value = findSlowest(real, name);
    return value === undefined ? [] : [[key, value] as const];
  });
  const storeWrites = listStoreWrites(real);
  if (found.length + storeWrites.length === 0) return undefined;
  return { ...Object.fromEntries(found), ...(storeWrites.length > 0 && { storeWrites }), since };
}
