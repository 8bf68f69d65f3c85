import type { Problem } from "../../../validation/problems.ts";
import type { EvaluationConfig, FamilyConfig, NodeDevices } from "../../config/index.ts";
import { getStackFamily, listEvaluatedModels, listStackCells } from "../../config/index.ts";
import { buildMemoryFacts, computeUsableGB, estimateCellMemory, isWithinDeviceMemory } from "../../estimate/index.ts";
import { formatDeviceKind, getDevice } from "../../hardware/gpuCatalog.ts";
import type { ClusterOutputs } from "../../kube/clusterOutputs.ts";
import type { Cell, Family } from "../../matrix/index.ts";
import { buildCellRecipe } from "../../train/index.ts";

/** Refuses hardware that a stack asks for and the cluster does not have. An evaluation needs no more than one node. */
export function checkClusterHardware(
  { hardware: wanted }: Pick<FamilyConfig, "hardware"> | Pick<EvaluationConfig, "hardware">,
  { hardware: available }: ClusterOutputs,
): Problem[] {
  const path = "mixcpt:hardware";
  const problems: Problem[] = [];
  if (wanted.gpu !== available.gpu) {
    const message = `the GPUs of the cluster are ${available.gpu}; set gpu to ${available.gpu}`;
    problems.push({ rule: "another-gpu", path: `${path}.gpu`, value: wanted.gpu, message });
  }
  if (wanted.gpu === available.gpu && formatDeviceKind(wanted) !== formatDeviceKind(available)) {
    const { partition: mode = "SPX" } = available;
    const message = `the cards of the cluster are in mode ${mode}; set partition to ${mode}`;
    problems.push({ rule: "another-gpu", path: `${path}.partition`, value: wanted.partition, message });
  }
  if (wanted.devicesPerNode > available.devicesPerNode) {
    const { devicesPerNode: value } = wanted;
    const message = `must be at most ${String(available.devicesPerNode)}, the devices per node of the cluster`;
    problems.push({ rule: "more-than-a-node-has", path: `${path}.devicesPerNode`, value, message });
  }
  if ("nodesPerCell" in wanted && wanted.nodesPerCell > available.nodes) {
    const { nodesPerCell: value } = wanted;
    const message = `must be at most ${String(available.nodes)}, the GPU nodes of the cluster`;
    problems.push({ rule: "more-nodes-than-there-are", path: `${path}.nodesPerCell`, value, message });
  }
  return problems;
}

/** Weights are loaded in 16 bits. */
const weightBytesPerParameter = 2;

interface OversizedCell {
  readonly id: string;
  /** GB (10^9 bytes) that one device needs. */
  readonly neededGB: number;
}

function findOversizedCell(cell: Cell, config: FamilyConfig): OversizedCell[] {
  const { nodesPerCell, devicesPerNode } = config.hardware;
  const world = { nodes: nodesPerCell, processesPerNode: devicesPerNode };
  const memory = estimateCellMemory(
    buildMemoryFacts(buildCellRecipe(cell, config, false), cell.parts.family.shape, world),
  );
  return isWithinDeviceMemory(memory, getDevice(config.hardware))
    ? []
    : [{ id: cell.id, neededGB: memory.total / 1e9 }];
}

/** Refuses trainings that would run out of memory at their first step, by the estimate of the plan. */
export function checkDeviceMemory(config: FamilyConfig): Problem[] {
  const [first, ...others] = listStackCells(config).flatMap((cell) => findOversizedCell(cell, config));
  if (first === undefined) return [];
  const usable = computeUsableGB(getDevice(config.hardware));
  const more = others.length === 0 ? "" : ` (${String(others.length)} other cells do not fit either)`;
  const message =
    `${first.id} needs ${first.neededGB.toFixed(1)} GB per device, ` +
    `but only ${usable.toFixed(1)} GB of an ${formatDeviceKind(config.hardware)} device are usable${more}; ` +
    "use more devices or nodes, a shorter mixcpt:sequenceLength or a smaller per_device_train_batch_size";
  return [{ rule: "does-not-fit", path: "mixcpt:hardware", value: config.hardware, message }];
}

function checkWeights({ base, title, shape }: Family, hardware: NodeDevices): Problem[] {
  const neededGB = (weightBytesPerParameter * shape.parameters) / 1e9;
  const usableGB = computeUsableGB(getDevice(hardware));
  if (base === undefined || neededGB <= usableGB) return [];
  const message =
    `an evaluation of ${title} holds ${neededGB.toFixed(1)} GB of weights on one device, ` +
    `but only ${usableGB.toFixed(1)} GB of an ${formatDeviceKind(hardware)} device are usable; ` +
    "use cards that are divided into fewer devices";
  return [{ rule: "does-not-fit", path: "mixcpt:hardware", value: hardware, message }];
}

/** Refuses devices on which no evaluation has room for the model, which it does not divide. */
export function checkEvaluationMemory(config: FamilyConfig): Problem[] {
  return checkWeights(getStackFamily(config), config.hardware);
}

/** Refuses devices that have no room for one of the models of an evaluation stack. */
export function checkModelsMemory(config: EvaluationConfig): Problem[] {
  const families = new Set(listEvaluatedModels(config).map(({ family }) => family));
  return [...families].flatMap((family) => checkWeights(family, config.hardware));
}
