import { gpus } from "../hardware/catalogue.ts";
import type { AnyCell, Problem, StackConfig } from "../matrix/index.ts";
import { cells } from "../matrix/index.ts";
import { fits, headroom, memoryFacts, memoryOf } from "../plan/index.ts";
import { recipeOf } from "../train/index.ts";

interface Large {
  id: string;
  /** GB of one device. */
  needs: number;
}

function large(cell: AnyCell, config: StackConfig): Large[] {
  const { gpu, nodesPerCell, devicesPerNode } = config.hardware;
  const memory = memoryOf(memoryFacts(recipeOf(cell, config, false), cell.parts.family.shape, nodesPerCell * devicesPerNode));
  return fits(memory, gpus[gpu]) ? [] : [{ id: cell.id, needs: memory.total / 1e9 }];
}

/** A training that would end with its first step for want of memory, by the plan's model of it. */
export function memoryProblems(config: StackConfig): Problem[] {
  const [first, ...others] = cells(config).flatMap((cell) => large(cell, config));
  if (first === undefined) return [];
  const { gpu } = config.hardware;
  const usable = (1 - headroom) * gpus[gpu].memoryGB;
  const more = others.length === 0 ? "" : `, and ${String(others.length)} other cells do not fit, too`;
  const message =
    `${first.id} needs ${first.needs.toFixed(1)} GB of a device, and one of an ${gpu} has ${usable.toFixed(1)} GB to give${more}: ` +
    "take more devices or nodes, a shorter mixcpt:sequenceLength or a smaller per_device_train_batch_size";
  return [{ rule: "does-not-fit", path: "mixcpt:hardware", value: config.hardware, message }];
}
