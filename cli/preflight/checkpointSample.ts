import { getStackFamily } from "../../jobs/config/index.ts";
import { computeCheckpointBytes, resolveStoreRate } from "../../jobs/estimate/index.ts";
import type { StoreSample } from "../../jobs/preflight/index.ts";
import { listDeclaredStacks, readClusterName } from "../engine/stackDeclarations.ts";
import { loadStackConfig } from "../plan/loadStackConfig.ts";

/** A checkpoint of the study's largest model, Llama 3.1 8B, for a cluster that no stack names yet. */
const largestCheckpointBytes = computeCheckpointBytes({ shape: { parameters: 8.03e9 } });

function listCheckpointBytes(stack: string): number[] {
  try {
    const config = loadStackConfig(stack);
    return config.kind === "family" ? [computeCheckpointBytes({ shape: getStackFamily(config).shape })] : [];
  } catch {
    return []; // the file has problems, which plan reports
  }
}

/** Returns the largest checkpoint that stacks on this cluster write, with the speed that their plans assume. */
export function selectCheckpointSample(cluster: string): StoreSample {
  const stacks = listDeclaredStacks("mixcpt").filter((stack) => readClusterName(stack) === cluster);
  const sizes = stacks.flatMap(listCheckpointBytes);
  const checkpointBytes = sizes.length === 0 ? largestCheckpointBytes : Math.max(...sizes);
  return { checkpointBytes, assumedMBs: resolveStoreRate().value };
}
