import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import type { DoctorFinding } from "../commands/doctorDocument.ts";
import { formatErrorMessage } from "../explainError.ts";
import { createApiClients } from "../kubernetes/apiClients.ts";
import { getStatusCode } from "../kubernetes/apiErrors.ts";
import { readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { agentNames, describeEnforcement, formatPoliciesSubject, hasPolicies } from "./policyEnforcement.ts";

/** Asks a cluster if it enforces the network policies that `cluster up` wrote; nothing if the user may not ask. */
export async function checkEnforcement(stack: string, config: ClusterConfig | undefined): Promise<DoctorFinding[]> {
  if (config === undefined || !hasPolicies(config)) return [];
  const labelSelector = `k8s-app in (${Object.keys(agentNames).join(", ")})`;
  try {
    const { apps } = createApiClients(readClusterKubeconfig(stack));
    const { items } = await apps.listDaemonSetForAllNamespaces({ labelSelector });
    return [describeEnforcement(stack, { config, agents: items })];
  } catch (error) {
    if (getStatusCode(error) === 403) return [];
    return [{ subject: formatPoliciesSubject(stack), observation: formatErrorMessage(error), unknown: true }];
  }
}
