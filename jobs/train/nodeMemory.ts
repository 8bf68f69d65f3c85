import { convertToGiB } from "../kube/quantities.ts";
import { defaultSharedMemory } from "../kube/trainingRuntime.ts";
import type { Run } from "./run.ts";
import { readZeroSharding } from "./zeroSettings.ts";

const bytesPerGiB = 2 ** 30;

/** Optimizer state per parameter: a 32-bit copy of the weights and Adam's two moments (arXiv 1910.02054, 3.1). */
const optimizerBytesPerParameter = 12;
/** 16-bit weights, which every process loads whole unless stage 3 divides them while they are read. */
const weightBytesPerParameter = 2;
/** Our assumption, on the high side: GiB per process for the runtime, driver, pinned buffers and four data workers. */
const processOverheadGiB = 6;
/** GiB per node for /dev/shm of the default size, which counts as memory, and the page cache of the files read. */
const nodeOverheadGiB = 24;

/** Memory of a training on its node, besides that of the devices. */
interface NodeMemory {
  /** What a resume reads before it moves it to the devices. */
  readonly statesGiB: number;
  readonly othersGiB: number;
}

/**
 * Computes the memory of a training on its node. The peak is a resume: all processes read their shares of the optimizer
 * into memory at once before they move them to the devices (DeepSpeed 0.18.4 loads shares with map_location "cpu").
 * Without ZeRO every process reads the whole optimizer.
 * @param sharedMemory size of /dev/shm, a Kubernetes quantity
 */
export function computeNodeMemory(
  { cell, recipe, world }: Pick<Run, "cell" | "recipe" | "world">,
  sharedMemory = defaultSharedMemory,
): NodeMemory {
  const { nodes, processesPerNode } = world;
  const shards = "deepspeed" in recipe ? nodes * processesPerNode : 1;
  const addedSharedGiB = Math.max(0, convertToGiB(sharedMemory) - convertToGiB(defaultSharedMemory));
  const weights = readZeroSharding(recipe)?.zero === 2 ? weightBytesPerParameter : 0;
  const bytesPerParameter = Math.max(optimizerBytesPerParameter / shards, weights);
  const states = (bytesPerParameter * cell.parts.family.shape.parameters) / bytesPerGiB;
  return {
    statesGiB: processesPerNode * states,
    othersGiB: processesPerNode * processOverheadGiB + nodeOverheadGiB + addedSharedGiB,
  };
}

/** Computes the memory that a training pod requests from its node, in whole GiB. */
export function computeNodeMemoryGiB(run: Pick<Run, "cell" | "recipe" | "world">, sharedMemory?: string): number {
  const { statesGiB, othersGiB } = computeNodeMemory(run, sharedMemory);
  return Math.ceil(statesGiB + othersGiB);
}
