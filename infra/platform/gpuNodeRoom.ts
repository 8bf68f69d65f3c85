import type { ClusterHardware } from "../../jobs/kube/clusterOutputs.ts";
import type { ClusterPods } from "../../jobs/kube/podSettings.ts";
import { parseQuantity } from "../../jobs/kube/quantities.ts";
import { applyPodSettings, buildResourceRequirements } from "../../jobs/kube/restrictedPod.ts";
import { selectNodeResources } from "../../jobs/kube/trainingRuntime.ts";
import type { GpuNode } from "./gpuNodeComparison.ts";
import { formatNodeNames } from "./gpuNodeComparison.ts";

/** A node with AMD devices, and what it offers to pods, as Kubernetes quantities. */
export interface MeasuredGpuNode extends GpuNode {
  readonly allocatable: Readonly<Record<string, string>>;
}

type Quantities = Readonly<Record<string, string>>;

/** Lists the resources of which a node offers less than a pod requests: `cpu 48 of 64`. */
function listShortResources({ allocatable }: MeasuredGpuNode, requests: Quantities): string[] {
  return Object.entries(requests)
    .filter(([resource, quantity]) => parseQuantity(allocatable[resource] ?? "0") < parseQuantity(quantity))
    .map(([resource, quantity]) => `${resource} ${allocatable[resource] ?? "0"} of ${quantity}`);
}

/**
 * Compares what nodes offer with the request of a training on all devices of a node. Its memory is the one in the
 * cluster's file, or at least 64Gi: how much more depends on the model. Returns one line for each kind of shortage, and
 * none while enough nodes have room. Other pods are not counted, because most of them end.
 */
export function listRoomProblems(
  nodes: readonly MeasuredGpuNode[],
  hardware: ClusterHardware,
  { training }: ClusterPods,
): string[] {
  const { requests = {} } = buildResourceRequirements(applyPodSettings(selectNodeResources(hardware), training));
  const shortages = nodes
    .map((node) => ({ name: node.name, short: listShortResources(node, requests as Quantities).join(", ") }))
    .filter(({ short }) => short !== "");
  if (nodes.length - shortages.length >= hardware.nodes) return [];
  return [...Map.groupBy(shortages, ({ short }) => short)].map(
    ([short, group]) =>
      `${formatNodeNames(group.map(({ name }) => name))}: offers less than a training on all of its devices requests ` +
      `(${short}), which therefore never starts there; lower cpus, memoryGiB or resources of training in the file`,
  );
}
