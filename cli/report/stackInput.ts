import { readToolchain } from "../../workspace/toolchain.ts";
import { platformNames } from "../../jobs/kube/clusterOutputs.ts";
import type { StackInput } from "../../reporting/reportModel.ts";
import { readClusterName } from "../cluster/dependentStacks.ts";
import { readSubmittedStack } from "../engine/submittedStack.ts";
import { refuseUnknownStack } from "../engine/stackDeclarations.ts";
import { loadFamilyConfig } from "../plan/loadStackConfig.ts";
import { fetchClusterScores } from "../kubernetes/clusterScores.ts";
import { readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";

/**
 * What one stack has submitted, what its configuration says of that, and what its cluster has of it.
 * @throws Error when the stack or the cluster is not there, ConfigError with all problems of the stack's file
 */
export async function readStackInput(stack: string): Promise<StackInput> {
  refuseUnknownStack("mixcpt", stack);
  const { cells, bases } = await readSubmittedStack(stack, readToolchain());
  const facts = await fetchClusterScores({
    kubeconfig: readClusterKubeconfig(readClusterName(stack)),
    namespace: platformNames.namespace,
  });
  return { stack, matrix: loadFamilyConfig(stack).matrix, cells, bases, ...facts };
}
