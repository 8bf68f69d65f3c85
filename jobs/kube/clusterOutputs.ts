import type { DeviceKind, GpuModel } from "../hardware/gpuCatalog.ts";
import { deviceIdLabel, gpus } from "../hardware/gpuCatalog.ts";
import type { NetworkSettings } from "../hardware/network.ts";
import type { ComputingCodes } from "./computingCode.ts";
import type { PlatformNames } from "./platformNames.ts";
import { formatMarkKey } from "./preflightMark.ts";
import type { ClusterPods } from "./podSettings.ts";
import type { ServingSettings } from "./servingSettings.ts";

/** Content-addressed image references, like `mixcpt.local/data:1f0c…`. */
export interface ImageRefs {
  readonly data: string;
  readonly llamaFactory: string;
  readonly evaluate: string;
  /** For pods that wait for folders of the store or publish scores: Python without torch. */
  readonly store: string;
}

export interface ClusterHardware extends DeviceKind {
  /** True if the nodes only advertise GPUs and the work runs on the CPU. */
  readonly emulated: boolean;
  readonly devicesPerNode: number;
  readonly nodes: number;
  /** PCI device id that selects the nodes; if omitted, every id of the GPU model does. */
  readonly deviceId?: string;
  /** Ids of the groups that may open /dev/kfd and /dev/dri on the nodes; omitted if every user may. */
  readonly deviceGroups?: number[];
  /** True if work with devices runs only on nodes that have passed preflight. */
  readonly requiresPreflight?: true;
  /** The network as the cluster's file describes it, for the estimate of hours. */
  readonly network?: NetworkSettings;
}

/** Outputs of a cluster stack (`mixcpt-infra/STACK`) for the experiments that run on it. */
export interface ClusterOutputs extends PlatformNames {
  readonly images: ImageRefs;
  /** The code of these images that decides results. */
  readonly code: ComputingCodes;
  readonly hardware: ClusterHardware;
  /** Additions of the cluster to the pods of each kind of work. */
  readonly pods: ClusterPods;
  /** The version of the platform's objects on the cluster. */
  readonly platformVersion: number;
  /** The knobs of vLLM, if the cluster's file sets some. */
  readonly serving?: ServingSettings;
}

/** Lists the PCI device ids of the nodes that work may use, the most common first. */
export function listDeviceIds({
  gpu,
  deviceId,
}: Pick<ClusterHardware, "gpu" | "deviceId">): readonly [string, ...string[]] {
  return deviceId === undefined ? gpus[gpu].deviceIds : [deviceId];
}

/** Labels, and for each its values of which a node must have one. */
export type NodeLabels = Readonly<Record<string, readonly string[]>>;

/** Selects the nodes that have the devices of a cluster, by the label of AMD's node labeler. */
export function selectDeviceNodes(hardware: ClusterHardware): NodeLabels {
  return { [deviceIdLabel]: listDeviceIds(hardware) };
}

/** Selects the nodes that trainings and evaluations may use. */
export function selectWorkNodes({ hardware, namespace }: Pick<ClusterOutputs, "hardware" | "namespace">): NodeLabels {
  const { requiresPreflight = false } = hardware;
  return { ...selectDeviceNodes(hardware), ...(requiresPreflight && { [formatMarkKey(namespace)]: ["passed"] }) };
}

/**
 * Returns the device entry for the spec of a computing step. On real GPU nodes, a step that finds no usable GPU must
 * fail instead of falling back to the CPU.
 */
export function selectDevice({ hardware }: Pick<ClusterOutputs, "hardware">): { device?: "gpu" } {
  return hardware.emulated ? {} : { device: "gpu" };
}

/**
 * Returns the device that computes, which is part of the names of trainings and scores: another model of GPU adds in
 * another order and has other kernels, so losses and sampled answers differ.
 */
export function selectComputingDevice({ hardware }: Pick<ClusterOutputs, "hardware">): GpuModel | "CPU" {
  return hardware.emulated ? "CPU" : hardware.gpu;
}

/**
 * The version of the platform's objects that runs need. Raise it when runs begin to name an object that clusters lack
 * until the next `cluster up`, such as a priority class: Kueue holds a pod with an unknown class without a reason. The
 * runtime of version 2 makes the folder of a run, which its TrainJob mounts.
 */
export const platformVersion = 2;
