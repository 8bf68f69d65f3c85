import { sortEvaluatedModels } from "../../reporting/evaluatedModels.ts";
import type { StackInput } from "../../reporting/reportModel.ts";
import { readToolchain } from "../../workspace/toolchain.ts";
import { updateKubeconfig } from "../engine/clusterKubeconfig.ts";
import { readSubmittedStack } from "../engine/submittedStack.ts";
import { readClusterName } from "../engine/stackDeclarations.ts";
import { fetchClusterScores } from "../kubernetes/clusterScores.ts";
import { readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { getNamespaceAccess } from "../kubernetes/snapshotReader.ts";
import { loadStackConfig } from "../plan/loadStackConfig.ts";

/**
 * The cells and base models that a stack has submitted, with its configuration and the scores on its cluster.
 * @throws Error if the stack or its cluster does not exist, ConfigError with all problems of the stack's file
 */
export async function readStackInput(stack: string): Promise<StackInput> {
  const { cells, bases } = await readSubmittedStack(stack, readToolchain());
  const cluster = readClusterName(stack);
  await updateKubeconfig(cluster);
  const clusterScores = await fetchClusterScores(getNamespaceAccess(readClusterKubeconfig(cluster)));
  const config = loadStackConfig(stack);
  const submitted =
    config.kind === "evaluation" ? sortEvaluatedModels(config, bases) : { matrix: config.matrix, cells, bases };
  return { stack, ...submitted, ...clusterScores };
}
