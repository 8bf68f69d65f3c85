import type { ClusterOutputs } from "../kube/clusterOutputs.ts";

/**
 * Locates the inputs that no step downloads, because no registry has them as files or no stack names a commit of them.
 * They are copied into the store by hand (docs/data.md). Their content is not part of any hash: once something is made
 * from them, changed files need another store.
 */
export function locateExternalInputs({ store }: ClusterOutputs): { benchmarks: string; parallelText: string } {
  return { benchmarks: `${store.mount}/inputs/benchmarks`, parallelText: `${store.mount}/inputs/nllb` };
}
