import type { V1DaemonSet } from "@kubernetes/client-node";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { isForeignCluster, makesPlatform } from "../../infra/clusterConfig.ts";
import type { DoctorFinding } from "../commands/doctorDocument.ts";

/** The label `k8s-app` of the agents of networks that enforce policies. */
export const agentNames: Readonly<Record<string, string>> = { cilium: "Cilium", "calico-node": "Calico" };

/** True if `cluster up` wrote network policies. */
export function hasPolicies(config: ClusterConfig): boolean {
  if (config.kind === "tenant" || !makesPlatform(config)) return false;
  return config.networkPolicy?.enabled !== false;
}

function describeMissingAgent(config: ClusterConfig): string {
  if (isForeignCluster(config))
    return "written; neither Cilium nor Calico was found, so that the cluster's owner must say if they are enforced";
  return "written, but not enforced: the pod network is a bridge (docs/access.md)";
}

export function formatPoliciesSubject(stack: string): string {
  return `network policies of cluster ${stack}`;
}

/** Tells if the network policies are enforced, by the agents of pod networks that the cluster has. */
export function describeEnforcement(
  stack: string,
  { config, agents }: { readonly config: ClusterConfig; readonly agents: readonly V1DaemonSet[] },
): DoctorFinding {
  const subject = formatPoliciesSubject(stack);
  const [agent] = agents;
  const label = agent?.metadata?.labels?.["k8s-app"] ?? "";
  const name = agentNames[label];
  if (name === undefined) return { subject, observation: describeMissingAgent(config) };
  const { numberReady: ready = 0, desiredNumberScheduled: all = 0 } = agent?.status ?? {};
  const observation = `enforced by ${name} on ${String(ready)} of ${String(all)} nodes`;
  if (ready === all) return { subject, observation };
  const { namespace = "" } = agent?.metadata ?? {};
  const remedy = `./mixcpt kubectl --cluster ${stack} -n ${namespace} describe pods -l k8s-app=${label}`;
  return { subject, observation, remedy };
}
