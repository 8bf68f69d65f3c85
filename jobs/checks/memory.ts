import { gpus } from "../hardware/catalogue.ts";
import type { Cell, Problem, FamilyConfig } from "../matrix/index.ts";
import { listStackCells } from "../matrix/index.ts";
import { isWithinDeviceMemory, memoryHeadroom, buildMemoryFacts, estimateCellMemory } from "../plan/index.ts";
import { buildCellRecipe } from "../train/index.ts";

interface OversizedCell {
  id: string;
  /** GB of one device. */
  neededGB: number;
}

function findOversizedCell(cell: Cell, config: FamilyConfig): OversizedCell[] {
  const { gpu, nodesPerCell, devicesPerNode } = config.hardware;
  const memory = estimateCellMemory(buildMemoryFacts(buildCellRecipe(cell, config, false), cell.parts.family.shape, nodesPerCell * devicesPerNode));
  return isWithinDeviceMemory(memory, gpus[gpu]) ? [] : [{ id: cell.id, neededGB: memory.total / 1e9 }];
}

/** A training that would end with its first step for want of memory, by the plan's model of it. */
export function checkDeviceMemory(config: FamilyConfig): Problem[] {
  const [first, ...others] = listStackCells(config).flatMap((cell) => findOversizedCell(cell, config));
  if (first === undefined) return [];
  const { gpu } = config.hardware;
  const usable = (1 - memoryHeadroom) * gpus[gpu].memoryGB;
  const more = others.length === 0 ? "" : `, and ${String(others.length)} other cells do not fit, too`;
  const message =
    `${first.id} needs ${first.neededGB.toFixed(1)} GB of a device, and one of an ${gpu} has ${usable.toFixed(1)} GB to give${more}: ` +
    "take more devices or nodes, a shorter mixcpt:sequenceLength or a smaller per_device_train_batch_size";
  return [{ rule: "does-not-fit", path: "mixcpt:hardware", value: config.hardware, message }];
}
