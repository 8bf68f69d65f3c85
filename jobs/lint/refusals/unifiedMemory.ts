import type { Problem } from "../../../validation/problems.ts";
import type { FamilyConfig } from "../../config/index.ts";
import { listStackCells } from "../../config/index.ts";
import { buildMemoryFacts, computeUsableGB, estimateCellMemory } from "../../estimate/index.ts";
import { formatDeviceKind, getDevice } from "../../hardware/gpuCatalog.ts";
import type { ClusterOutputs } from "../../kube/clusterOutputs.ts";
import type { Cell } from "../../matrix/index.ts";
import { buildCellRecipe, computeNodeMemory, computeWorldSize } from "../../train/index.ts";

const bytesPerGiB = 2 ** 30;

/**
 * Estimates the GB (10^9 bytes) of a training on a node, on its devices and in its pod: the larger of a resume, which
 * reads the optimizer into memory before the devices hold activations, and of a step, which has left it.
 */
function computeNodeGB(cell: Cell, config: FamilyConfig, sharedMemory?: string): number {
  const recipe = buildCellRecipe(cell, config, false);
  const world = computeWorldSize(config, false);
  const { states, total } = estimateCellMemory(buildMemoryFacts(recipe, cell.parts.family.shape, world));
  const { statesGiB, othersGiB } = computeNodeMemory({ cell, recipe, world }, sharedMemory);
  const resume = world.processesPerNode * states + statesGiB * bytesPerGiB;
  const step = world.processesPerNode * total;
  return (Math.max(resume, step) + othersGiB * bytesPerGiB) / 1e9;
}

/** Refuses trainings that fit on their devices, but not together with what they need of the same memory as a pod. */
export function checkUnifiedMemory(config: FamilyConfig, { hardware, pods }: ClusterOutputs): Problem[] {
  const { devicesPerNode } = config.hardware;
  const device = getDevice(config.hardware);
  if (hardware.emulated || !device.hasHostMemory) return [];
  const usableGB = devicesPerNode * computeUsableGB(device);
  const needs = listStackCells(config).map((cell) => computeNodeGB(cell, config, pods.training?.sharedMemory));
  const neededGB = Math.max(...needs);
  if (neededGB <= usableGB) return [];
  const message =
    `a training needs ${neededGB.toFixed(0)} GB of a node, on its devices and as a pod, but the pod has no other ` +
    `memory than that of its devices, ${usableGB.toFixed(0)} GB usable of ${String(devicesPerNode)} ` +
    `${formatDeviceKind(config.hardware)}; use more devices or nodes`;
  return [{ rule: "does-not-fit", path: "mixcpt:hardware", value: config.hardware, message }];
}
