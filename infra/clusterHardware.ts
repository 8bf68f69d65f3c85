import { networksOfTrainingPresets } from "../jobs/hardware/network.ts";
import type { ClusterHardware, ClusterOutputs } from "../jobs/kube/clusterOutputs.ts";
import type { ClusterConfig, ExistingConfig } from "./clusterConfig.ts";
import type { DeviceShare } from "../jobs/kube/queues.ts";
import { countGpuMachines } from "./inventory.ts";

/** The network of the file, over that of the preset of its trainings. */
function selectNetwork({
  network,
  training,
}: Pick<ExistingConfig, "network" | "training">): Pick<ClusterHardware, "network"> {
  const ofPreset = networksOfTrainingPresets[training?.preset ?? ""];
  return network === undefined && ofPreset === undefined ? {} : { network: { ...ofPreset, ...network } };
}

function selectRequirement({ preflight }: Pick<ExistingConfig, "preflight">) {
  return preflight?.required === true ? { requiresPreflight: true as const } : {};
}

/**
 * The nodes of a cluster as its file declares them. Experiments get this from the stack's outputs, and `plan` and
 * `render` use it without a cluster.
 */
export function getClusterHardware(config: ClusterConfig): ClusterHardware {
  switch (config.kind) {
    case "local":
      return { ...config.emulated, emulated: true, nodes: config.hosts, ...selectRequirement(config) };
    case "hosts":
      return {
        ...config.devices,
        emulated: false,
        nodes: countGpuMachines(config.machines),
        ...selectRequirement(config),
        ...selectNetwork(config),
      };
    case "existing":
    case "tenant":
      return {
        ...config.devices,
        emulated: config.devices.emulated !== false,
        nodes: config.nodes,
        ...(config.kind === "existing" && selectRequirement(config)),
        ...selectNetwork(config),
      };
  }
}

/** The share of the cluster that all data jobs together may request, so that training keeps its processors. */
export function getDataJobShare(config: ClusterConfig): { cores: number; memoryGiB: number } {
  const { cpus = 0, memoryGiB = 0 } = config.data ?? {};
  const share = getClusterHardware(config).emulated ? { cores: 2, memoryGiB: 4 } : { cores: 64, memoryGiB: 256 };
  // A single job must fit, or the queue would never admit it.
  return { cores: Math.max(share.cores, cpus), memoryGiB: Math.max(share.memoryGiB, memoryGiB) };
}

/** Selects the share of the devices that the file gives to the queue, empty if it has all of them. */
export function selectQueueShare(config: ClusterConfig): { readonly share?: DeviceShare } {
  return "queue" in config && typeof config.queue === "object" ? { share: config.queue } : {};
}

/** Selects the knobs of vLLM that a cluster's file sets; those of local hosts have no vLLM. */
export function selectServing(config: ClusterConfig | undefined): Pick<ClusterOutputs, "serving"> {
  return config !== undefined && "serving" in config ? { serving: config.serving } : {};
}
