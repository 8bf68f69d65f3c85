import type { BenchmarkChanges } from "../config/index.ts";
import type { HubDataset } from "../data/index.ts";

/** Selects the data sets of the hub that added benchmarks read, by the benchmark's name. */
export function selectBenchmarkDatasets({ added }: BenchmarkChanges): Record<string, HubDataset> {
  return Object.fromEntries(
    Object.entries(added).flatMap(([name, benchmark]) =>
      "dataset" in benchmark ? [[name, benchmark.dataset] as const] : [],
    ),
  );
}
