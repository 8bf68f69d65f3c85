import type { Run } from "./run.ts";

const bytesPerGiB = 2 ** 30;

/** Bytes of optimizer state per parameter: a 32-bit copy of the weights and Adam's two moments (arXiv 1910.02054, 3.1). */
const optimizerBytesPerParameter = 12;
/** GiB of a process beside that: the runtime, the driver's own, pinned buffers, four data workers. Ours, on the high side. */
const processOverheadGiB = 6;
/** GiB of a node: /dev/shm, which counts as the container's, and the page cache of what is read. */
const nodeOverheadGiB = 24;

/**
 * What a training pod asks of its node's memory, in whole GiB.
 * The peak is a resume: each process reads its share of the optimizer into memory before it goes to its device, all at
 * once (DeepSpeed 0.18.4 loads shares with map_location "cpu"). Without ZeRO every process reads all of it.
 */
export function computeNodeMemoryGiB({ cell, recipe, world }: Pick<Run, "cell" | "recipe" | "world">): number {
  const { nodes, processesPerNode } = world;
  const shares = "deepspeed" in recipe ? nodes * processesPerNode : 1;
  const optimizer = (optimizerBytesPerParameter * cell.parts.family.shape.parameters) / shares / bytesPerGiB;
  return Math.ceil(processesPerNode * (optimizer + processOverheadGiB) + nodeOverheadGiB);
}
