import type { ClusterOutputs } from "../kube/clusterOutputs.ts";

/**
 * What no step fetches, because no registry has it as files or nobody asked for it: somebody puts it into the store
 * (docs/data.md). Their content is no part of any hash: once something was made of
 * them, other files need another store.
 */
export function locateExternalInputs({ store }: ClusterOutputs): { benchmarks: string; parallelText: string } {
  return { benchmarks: `${store.mount}/inputs/benchmarks`, parallelText: `${store.mount}/inputs/nllb` };
}
