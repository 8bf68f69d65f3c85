import type { ClusterHardware } from "./clusterOutputs.ts";

/**
 * Cores that each device requests: for its process and the threads that feed it. The request is a floor that decides
 * where a pod fits, and not a limit: a process may use the seven cores that LUMI and Frontier give to each die of an
 * MI250X (LUMI AI Guide, chapter 5; PyTorch on Frontier) while they are idle.
 */
const coresPerDevice = 4;

/**
 * Most cores that the pods on all devices of a node request. Our assumption: a node has 64 cores, as LUMI's, of which
 * 56 are allocatable if the system reserves eight. Half of 64 leaves room for daemons and for a data job of 16 cores.
 */
const coresPerNode = 32;

/** Computes the cores that a pod with devices requests: four for each, and no more than its share of 32 per node. */
export function computeDeviceCores(devices: number, { devicesPerNode }: ClusterHardware): number {
  const share = Math.min(coresPerDevice, coresPerNode / devicesPerNode);
  return Math.max(1, Math.floor(devices * share));
}
