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

/** Reads the file of a cluster stack; undefined if infra/ has no such file, or one with problems. */
export function findClusterConfig(stack: string): ClusterConfig | undefined {
  try {
    return readClusterConfig(stack);
  } catch {
    return undefined;
  }
}
