import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import type { ClusterConfig } from "../../infra/config.ts";
import { parseCluster } from "../../infra/config.ts";
import { instanceDirectory } from "../../infra/environment.ts";
import { directories, refuseUnknownStack } from "../engine/declared.ts";

const project = "mixcpt-infra";

/** @throws Error with all problems of infra/Pulumi.STACK.yaml */
export function clusterConfig(stack: string): ClusterConfig {
  refuseUnknownStack(project, stack);
  const file = resolve(directories[project], `Pulumi.${stack}.yaml`);
  const { config } = parse(readFileSync(file, "utf8")) as { config?: Record<string, unknown> };
  return parseCluster(config?.["mixcpt-infra:cluster"], `infra/Pulumi.${stack}.yaml`);
}

export const kubeconfigFile = (stack: string): string => resolve(instanceDirectory(stack), "kubeconfig");
