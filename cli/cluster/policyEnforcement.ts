import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { isForeignCluster } from "../../infra/clusterConfig.ts";
import type { DoctorFinding } from "../commands/doctorDocument.ts";

/** Tells that the pod network of hosts does not enforce the network policies that `cluster up` wrote. */
export function describeEnforcement(stack: string, config: ClusterConfig | undefined): DoctorFinding[] {
  if (config === undefined || isForeignCluster(config) || config.platform === "elsewhere") return [];
  if (config.networkPolicy?.enabled === false) return [];
  const observation = "written, but not enforced: the pod network is a bridge (docs/access.md)";
  return [{ subject: `network policies of cluster ${stack}`, observation }];
}
