import { gpus } from "../../hardware/gpuCatalog.ts";
import type { ClusterOutputs } from "../../kube/clusterOutputs.ts";
import type { Cell } from "../../matrix/index.ts";
import type { Problem } from "../../../validation/problems.ts";
import type { FamilyConfig } from "../../config/index.ts";
import { listStackCells } from "../../config/index.ts";
import { buildMemoryFacts, computeUsableGB, estimateCellMemory, isWithinDeviceMemory } from "../../estimate/index.ts";
import { buildCellRecipe } from "../../train/index.ts";

/** What a stack asks of a cluster that this cluster does not have. */
export function checkClusterHardware(
  { hardware: wanted }: FamilyConfig,
  { hardware: there }: ClusterOutputs,
): Problem[] {
  const path = "mixcpt:hardware";
  const problems: Problem[] = [];
  if (wanted.gpu !== there.gpu) {
    const message = `the cluster has ${there.gpu}`;
    problems.push({ rule: "another-gpu", path: `${path}.gpu`, value: wanted.gpu, message });
  }
  if (wanted.devicesPerNode > there.devicesPerNode) {
    const message = `a node of the cluster has ${String(there.devicesPerNode)} devices`;
    problems.push({
      rule: "more-than-a-node-has",
      path: `${path}.devicesPerNode`,
      value: wanted.devicesPerNode,
      message,
    });
  }
  if (wanted.nodesPerCell > there.nodes) {
    const message = `the cluster has ${String(there.nodes)} GPU nodes`;
    problems.push({
      rule: "more-nodes-than-there-are",
      path: `${path}.nodesPerCell`,
      value: wanted.nodesPerCell,
      message,
    });
  }
  return problems;
}

interface OversizedCell {
  readonly id: string;
  /** GB of one device. */
  readonly neededGB: number;
}

function findOversizedCell(cell: Cell, config: FamilyConfig): OversizedCell[] {
  const { gpu, nodesPerCell, devicesPerNode } = config.hardware;
  const memory = estimateCellMemory(
    buildMemoryFacts(buildCellRecipe(cell, config, false), cell.parts.family.shape, nodesPerCell * devicesPerNode),
  );
  return isWithinDeviceMemory(memory, gpus[gpu]) ? [] : [{ id: cell.id, neededGB: memory.total / 1e9 }];
}

/** A training that would end with its first step for want of memory, by the plan's model of it. */
export function checkDeviceMemory(config: FamilyConfig): Problem[] {
  const [first, ...others] = listStackCells(config).flatMap((cell) => findOversizedCell(cell, config));
  if (first === undefined) return [];
  const { gpu } = config.hardware;
  const usable = computeUsableGB(gpus[gpu]);
  const more = others.length === 0 ? "" : `, and ${String(others.length)} other cells do not fit, too`;
  const message =
    `${first.id} needs ${first.neededGB.toFixed(1)} GB of a device, and one of an ${gpu} has ${usable.toFixed(1)} GB to give${more}: ` +
    "take more devices or nodes, a shorter mixcpt:sequenceLength or a smaller per_device_train_batch_size";
  return [{ rule: "does-not-fit", path: "mixcpt:hardware", value: config.hardware, message }];
}
