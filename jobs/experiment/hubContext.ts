import type { BenchmarkChanges, StackConfig } from "../config/index.ts";
import type { HubContext, HubDataset, HubModelFile } from "../data/index.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";

/** Selects the data sets of the hub that added benchmarks read, by the benchmark's name. */
function selectBenchmarkDatasets({ added }: BenchmarkChanges): Record<string, HubDataset> {
  return Object.fromEntries(
    Object.entries(added).flatMap(([name, benchmark]) =>
      "dataset" in benchmark ? [[name, benchmark.dataset] as const] : [],
    ),
  );
}

/** Selects the models of the hub with which added benchmarks identify languages, by the benchmark's name. */
function selectLanguageModels({ added }: BenchmarkChanges): Record<string, HubModelFile> {
  return Object.fromEntries(
    Object.entries(added).flatMap(([name, benchmark]) =>
      "model" in benchmark ? [[name, benchmark.model] as const] : [],
    ),
  );
}

/** Collects what a stack's downloads from the hub depend on. */
export function buildHubContext(config: StackConfig, cluster: ClusterOutputs): HubContext {
  const { stack, revisions, tokenSecret } = config;
  return {
    cluster,
    stack,
    revisions,
    ...(config.kind !== "corpora" && {
      datasets: selectBenchmarkDatasets(config.benchmarks),
      languageModels: selectLanguageModels(config.benchmarks),
    }),
    ...(tokenSecret !== undefined && { tokenSecret }),
  };
}
