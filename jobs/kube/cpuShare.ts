import type { ClusterHardware } from "./clusterOutputs.ts";

/**
 * Cores for one device: a process that computes, the threads of its communication library and four that read data.
 * LUMI and Frontier give seven of the eight cores that belong to a die of an MI250X to its process, and leave one to
 * the system (LUMI AI Guide, chapter 5; PyTorch on Frontier).
 */
const coresPerDevice = 7;

/** Our assumption: every node with several devices has 64 cores, as LUMI's, of which the system keeps eight. */
const coresPerNode = 56;

/**
 * Computes the cores that a pod with devices requests: seven for each, and no more than its share of 56 per node. It
 * may use idle ones as well, because the request is not a limit.
 */
export function computeDeviceCores(devices: number, { devicesPerNode }: ClusterHardware): number {
  const share = Math.min(coresPerDevice, coresPerNode / devicesPerNode);
  return Math.max(1, Math.floor(devices * share));
}
