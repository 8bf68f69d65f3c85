import { z } from "zod";
import type { ClusterRate, MeasuredRates } from "./clusterRates.ts";
import { findMeasuredRate, preferMeasuredRate } from "./clusterRates.ts";
import type { DeviceKind } from "./gpuCatalog.ts";
import { getDevice } from "./gpuCatalog.ts";

/**
 * GB/s (10^9 bytes) that a node sends to others in a collective, by kind of network. Our assumption: 88 % of the line
 * rate with RDMA and 80 % with TCP, for headers and protocols; a measurement of the cluster is better.
 * `slingshot-4x200g`: LUMI-G has four ports of 200 Gbit/s a node (docs.lumi-supercomputer.eu, "Network and
 * interconnect"). `roce-8x400g`: eight ports of 50 GB/s (AMD-AGI/Primus examples/hardware_configs/mi300x.yaml).
 */
const networkPresets = { "tcp-25g": 2.5, "roce-100g": 11, "slingshot-4x200g": 88, "roce-8x400g": 352 } as const;

type NetworkPreset = keyof typeof networkPresets;

/** The network of a training preset, where that names the network's ports: four of Slingshot, as LUMI-G has. */
export const networksOfTrainingPresets: Readonly<Record<string, NetworkSettings>> = {
  slingshot: { preset: "slingshot-4x200g" },
};

/** What the network of pods gives if a cluster's file names no other. */
const podNetworkPreset: NetworkPreset = "tcp-25g";

/** Our assumption, from AMD's 48 usable of 64 GB/s (rocm.blogs.amd.com, "mi300x-rccl-xgmi"): the same for all cards. */
const usableLinkShare = 0.75;

const presetNames = Object.keys(networkPresets) as [NetworkPreset, ...NetworkPreset[]];
const rateSchema = z.number().gt(0).max(1e5);

/** The network of a cluster, for the estimate of hours: a preset, or measured figures, which win over it. */
export const networkSchema = z.strictObject({
  preset: z.enum(presetNames).exactOptional(),
  betweenNodesGBs: rateSchema.exactOptional().describe("GB/s that a node sends to other nodes in a collective"),
  inNodeGBs: rateSchema.exactOptional().describe("GB/s that a device sends within its node (bus bandwidth of RCCL)"),
});
export type NetworkSettings = z.infer<typeof networkSchema>;

/** Rates at which data leaves a device and a node during a collective, in GB/s. */
export interface NetworkRates {
  readonly inNodeGBs: ClusterRate;
  readonly betweenNodesGBs: ClusterRate;
  /** Name of the network between nodes for people: a preset, `measured by preflight`, or the assumption. */
  readonly name: string;
}

/** A card sends over at most as many links as it has neighbors; one card alone has the links within it. */
function computeLinkRate({ devicesPerNode, ...kind }: DeviceKind & { readonly devicesPerNode: number }): number {
  const { devicesPerCard, linkGBs, links } = getDevice(kind);
  const neighbors = Math.ceil(devicesPerNode / devicesPerCard) - 1;
  return usableLinkShare * linkGBs * Math.max(1, Math.min(links, neighbors));
}

interface KnownOfNetwork {
  /** What `preflight` measured. */
  readonly measured?: MeasuredRates | undefined;
  /** The preset of the variables of trainings. */
  readonly trainingPreset?: string | undefined;
}

/** Names the assumed network, and a training preset that says that the cluster has another one. */
function nameAssumedNetwork(trainingPreset: string | undefined): string {
  const assumed = `${podNetworkPreset}, assumed`;
  return trainingPreset === undefined || trainingPreset === "single-node"
    ? assumed
    : `${assumed} although training.preset is ${trainingPreset}: the cluster's file has no network`;
}

/** The rate between nodes without a measurement. */
function describeNetwork(
  { preset, betweenNodesGBs }: NetworkSettings,
  trainingPreset: string | undefined,
): { name: string; rate: ClusterRate } {
  if (betweenNodesGBs !== undefined)
    return { name: "as configured", rate: { value: betweenNodesGBs, from: "configured" } };
  return preset === undefined
    ? { name: nameAssumedNetwork(trainingPreset), rate: { value: networkPresets[podNetworkPreset], from: "assumed" } }
    : { name: preset, rate: { value: networkPresets[preset], from: "preset" } };
}

/**
 * Resolves the rates of a cluster's network: the figures of its file, then measured ones, then those of a preset and of
 * the catalog.
 */
export function resolveNetworkRates(
  settings: NetworkSettings = {},
  hardware: DeviceKind & { readonly devicesPerNode: number },
  { measured, trainingPreset }: KnownOfNetwork = {},
): NetworkRates {
  const { inNodeGBs } = settings;
  const catalogRate: ClusterRate = { value: computeLinkRate(hardware), from: "assumed" };
  const { name, rate } = describeNetwork(settings, trainingPreset);
  const betweenNodes = findMeasuredRate(measured, "betweenNodesGBs");
  const isMeasured = rate.from !== "configured" && betweenNodes !== undefined;
  return {
    inNodeGBs:
      inNodeGBs === undefined
        ? preferMeasuredRate(findMeasuredRate(measured, "inNodeGBs"), catalogRate)
        : { value: inNodeGBs, from: "configured" },
    betweenNodesGBs: isMeasured ? preferMeasuredRate(betweenNodes, rate) : rate,
    name: isMeasured ? "measured by preflight" : name,
  };
}
