import type { ClusterOutputs } from "../kube/outputs.ts";
import type { Problem, FamilyConfig } from "../matrix/index.ts";

/** What a stack asks of a cluster that this cluster does not have. */
export function checkClusterHardware({ hardware: wanted }: FamilyConfig, { hardware: there }: ClusterOutputs): Problem[] {
  const path = "mixcpt:hardware";
  const problems: Problem[] = [];
  if (wanted.gpu !== there.gpu) {
    const message = `the cluster has ${there.gpu}`;
    problems.push({ rule: "another-gpu", path: `${path}.gpu`, value: wanted.gpu, message });
  }
  if (wanted.devicesPerNode > there.devicesPerNode) {
    const message = `a node of the cluster has ${String(there.devicesPerNode)} devices`;
    problems.push({ rule: "more-than-a-node-has", path: `${path}.devicesPerNode`, value: wanted.devicesPerNode, message });
  }
  if (wanted.nodesPerCell > there.nodes) {
    const message = `the cluster has ${String(there.nodes)} GPU nodes`;
    problems.push({ rule: "more-nodes-than-there-are", path: `${path}.nodesPerCell`, value: wanted.nodesPerCell, message });
  }
  return problems;
}
