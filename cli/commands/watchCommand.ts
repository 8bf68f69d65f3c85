import { Command } from "commander";
import { readToolchain } from "../../workspace/toolchain.ts";
import { platformNames } from "../../jobs/kube/clusterOutputs.ts";
import { readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { readClusterName } from "../cluster/dependentStacks.ts";
import { updateKubeconfig } from "../engine/clusterKubeconfig.ts";
import { readSubmittedStack } from "../engine/submittedStack.ts";
import { convertSubmittedStack } from "../watch/watchedStack.ts";
import { watchSubmittedStack } from "../watch/watchSubmittedStack.ts";
import { buildStackArgument } from "./stackArgument.ts";

/** Shows the progress of a stack's cells or mixtures until they end or Ctrl-C is pressed; returns the exit code. */
export async function watchStack(stack: string): Promise<number> {
  const submitted = await readSubmittedStack(stack, readToolchain());
  const cluster = readClusterName(stack);
  await updateKubeconfig(cluster);
  const interrupted = new AbortController();
  const abortWatch = (): void => interrupted.abort();
  process.once("SIGINT", abortWatch);
  return watchSubmittedStack({
    kubeconfig: readClusterKubeconfig(cluster),
    cluster,
    namespace: platformNames.namespace,
    stack,
    submitted: convertSubmittedStack(submitted),
    jobs: submitted.shared,
    signal: interrupted.signal,
    output: process.stdout,
  }).finally(() => process.off("SIGINT", abortWatch));
}

export function buildWatchCommand(): Command {
  return new Command("watch").addArgument(buildStackArgument()).action(async (stack: string) => {
    process.exitCode = await watchStack(stack);
  });
}
