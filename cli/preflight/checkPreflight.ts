import { requiresPreflight } from "../../infra/platform/closedNodes.ts";
import { readClusterConfig } from "../cluster/readClusterConfig.ts";
import type { DoctorFinding } from "../commands/doctorDocument.ts";
import { formatErrorMessage } from "../explainError.ts";
import { readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { formatCount } from "../terminal/formatList.ts";
import { fetchClosedNodes } from "./closedNodes.ts";
import { describeClosedNodes } from "./describeClosedNodes.ts";
import { describeKeptResults } from "./describeKeptResults.ts";
import { fetchKeptResults } from "./fetchKeptResults.ts";

/** Finds the nodes that wait for preflight; nothing where the cluster's file does not require it. */
async function findClosedNodes(stack: string, kubeconfig: string): Promise<DoctorFinding[]> {
  const config = readClusterConfig(stack);
  if (!requiresPreflight(config)) return [];
  const subject = `nodes of cluster ${stack} that wait for preflight`;
  const nodes = await fetchClosedNodes({ config, kubeconfig });
  if (nodes.length === 0) return [{ subject, observation: "none" }];
  const remedy = describeClosedNodes(stack, nodes).join("\n        ");
  return [{ subject, observation: formatCount(nodes.length, "node"), remedy }];
}

/** Shows the age and the failures of the last results of preflight, and the nodes that wait for it. */
export async function checkPreflight(stack: string): Promise<DoctorFinding[]> {
  try {
    const kubeconfig = readClusterKubeconfig(stack);
    const results = describeKeptResults(stack, await fetchKeptResults(kubeconfig), new Date());
    return [results, ...(await findClosedNodes(stack, kubeconfig))];
  } catch (error) {
    return [{ subject: `preflight of cluster ${stack}`, observation: formatErrorMessage(error), unknown: true }];
  }
}
