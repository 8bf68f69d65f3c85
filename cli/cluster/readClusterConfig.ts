import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { readStackValues } from "../engine/stackDeclarations.ts";

/** @throws Error with all problems of infra/Pulumi.STACK.yaml */
export function readClusterConfig(stack: string): ClusterConfig {
  return parseClusterConfig(
    readStackValues("mixcpt-infra", stack)["mixcpt-infra:cluster"],
    `infra/Pulumi.${stack}.yaml`,
  );
}
