import type { Problem } from "../../../validation/problems.ts";
import type { FamilyConfig } from "../../config/index.ts";
import { listStackCells } from "../../config/index.ts";
import type { ClusterOutputs } from "../../kube/clusterOutputs.ts";
import type { ClusterPods } from "../../kube/podSettings.ts";
import type { Cell } from "../../matrix/index.ts";
import { checkUnifiedMemory } from "./unifiedMemory.ts";
import { buildCellRecipe, computeNodeMemoryGiB, computeWorldSize } from "../../train/index.ts";

function checkPreset({ hardware }: FamilyConfig, { pods }: ClusterOutputs): Problem[] {
  const { nodesPerCell: value } = hardware;
  if (value === 1 || pods.training?.preset !== "single-node") return [];
  const message =
    "the cluster's file has training.preset: single-node, with which several nodes would train over TCP; " +
    "set nodesPerCell to 1, or another preset and run cluster up";
  return [{ rule: "not-allowed", path: "mixcpt:hardware.nodesPerCell", value, message }];
}

/**
 * Kubeflow Trainer gives each training pod the port 29500, which is a port of the node with hostNetwork. A second
 * training on the node would wait until the first has ended, although devices are free.
 */
function checkHostNetwork({ hardware }: FamilyConfig, cluster: ClusterOutputs): Problem[] {
  const { devicesPerNode: value } = hardware;
  const { devicesPerNode } = cluster.hardware;
  if (cluster.pods.training?.hostNetwork !== true || value >= devicesPerNode) return [];
  const message =
    "the cluster's file has training.hostNetwork: true, with which only one training of a node can use its port " +
    `29500; set devicesPerNode to ${String(devicesPerNode)}, all devices of a node, or remove hostNetwork and run ` +
    "cluster up";
  return [{ rule: "not-allowed", path: "mixcpt:hardware.devicesPerNode", value, message }];
}

function computeNeededGiB(cell: Cell, config: FamilyConfig, { training }: ClusterPods): number {
  const recipe = buildCellRecipe(cell, config, false);
  return computeNodeMemoryGiB({ cell, recipe, world: computeWorldSize(config, false) }, training?.sharedMemory);
}

/** Emulated devices hold no optimizer that a resumed run would read. */
function checkNodeMemory(config: FamilyConfig, { hardware, pods }: ClusterOutputs): Problem[] {
  const memoryGiB = pods.training?.memoryGiB;
  if (hardware.emulated || memoryGiB === undefined) return [];
  const neededGiB = Math.max(...listStackCells(config).map((cell) => computeNeededGiB(cell, config, pods)));
  if (neededGiB <= memoryGiB) return [];
  const message =
    `the cluster's file has training.memoryGiB: ${String(memoryGiB)}, but a resumed training needs ` +
    `${String(neededGiB)} GiB per node; raise it or omit it, and run cluster up, or use more nodes`;
  return [{ rule: "does-not-fit", path: "mixcpt:hardware", value: config.hardware, message }];
}

/** Refuses trainings for which the cluster's pods are not set up. */
export function checkTrainingPods(config: FamilyConfig, cluster: ClusterOutputs): Problem[] {
  const checks = [checkPreset, checkHostNetwork, checkNodeMemory, checkUnifiedMemory];
  return checks.flatMap((check) => check(config, cluster));
}
