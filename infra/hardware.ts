import type { ClusterHardware } from "../jobs/kube/outputs.ts";
import type { ClusterConfig } from "./config.ts";

/** The nodes of a cluster, as far as its file says: what the experiments are told, and what is rendered without a cluster. */
export function getClusterHardware(config: ClusterConfig): ClusterHardware {
  switch (config.kind) {
    case "local":
      return { ...config.emulated, emulated: true, nodes: config.hosts };
    case "hosts":
      return { ...config.devices, emulated: false, nodes: config.machines.length };
    case "existing":
      return { ...config.devices, nodes: config.nodes };
  }
}
