import { readToolchain } from "../../infra/software.ts";
import { platformNames } from "../../jobs/kube/platform.ts";
import type { StackInput } from "../../jobs/report/report.ts";
import { readClusterKubeconfig } from "../cluster/cluster.ts";
import { readClusterName } from "../cluster/experiments.ts";
import { readSubmittedStack } from "../engine/experiments.ts";
import { refuseUnknownStack } from "../engine/declared.ts";
import { loadFamilyConfig } from "../plan/stackFile.ts";
import { fetchClusterScores } from "./cluster.ts";

/**
 * What one stack has submitted, what its configuration says of that, and what its cluster has of it.
 * @throws Error when the stack or the cluster is not there, ConfigError with all problems of the stack's file
 */
export async function readStackInput(stack: string): Promise<StackInput> {
  refuseUnknownStack("mixcpt", stack);
  const { cells, bases } = await readSubmittedStack(stack, readToolchain());
  const facts = await fetchClusterScores({ kubeconfig: readClusterKubeconfig(readClusterName(stack)), namespace: platformNames.namespace });
  return { stack, matrix: loadFamilyConfig(stack).matrix, cells, bases, ...facts };
}
