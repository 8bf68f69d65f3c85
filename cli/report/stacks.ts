import { readSoftware } from "../../infra/software.ts";
import { platform } from "../../jobs/kube/platform.ts";
import type { StackInput } from "../../jobs/report/report.ts";
import { readKubeconfig } from "../cluster/cluster.ts";
import { clusterOf } from "../cluster/experiments.ts";
import { submitted } from "../engine/experiments.ts";
import { refuseUnknownStack } from "../engine/declared.ts";
import { readStackFile } from "../plan/stackFile.ts";
import { readCluster } from "./cluster.ts";

/**
 * What one stack has submitted, what its configuration says of that, and what its cluster has of it.
 * @throws Error when the stack or the cluster is not there, ConfigError with all problems of the stack's file
 */
export async function readStack(stack: string): Promise<StackInput> {
  refuseUnknownStack("mixcpt", stack);
  const { cells, bases } = await submitted(stack, readSoftware());
  const facts = await readCluster({ kubeconfig: readKubeconfig(clusterOf(stack)), namespace: platform.namespace });
  return { stack, matrix: readStackFile(stack).matrix, cells, bases, ...facts };
}
