import { Command } from "commander";
import { readToolchain } from "../../workspace/toolchain.ts";
import { platformNames } from "../../jobs/kube/clusterOutputs.ts";
import { readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { readClusterName } from "../cluster/dependentStacks.ts";
import { readSubmittedStack } from "../engine/submittedStack.ts";
import { watchSubmittedStack } from "../watch/watchSubmittedStack.ts";
import { buildStackArgument } from "./stackArgument.ts";

/** Shows the cells of a stack, or what a stack of corpora makes, until they are done, or until Ctrl-C. Returns the exit code. */
export async function watchStack(stack: string): Promise<number> {
  const { cells, bases, shared } = await readSubmittedStack(stack, readToolchain());
  const interrupted = new AbortController();
  const cluster = readClusterName(stack);
  const interrupt = (): void => interrupted.abort();
  process.once("SIGINT", interrupt);
  return watchSubmittedStack({
    kubeconfig: readClusterKubeconfig(cluster),
    cluster,
    namespace: platformNames.namespace,
    stack,
    submitted: {
      cells: cells.map(({ id, names }) => ({
        id,
        trainJob: names.train,
        evaluation: names.evaluate,
        dataJobs: [names.data, ...shared],
      })),
      bases: bases.map(({ id, names }) => ({ id, evaluation: names.evaluate, dataJobs: shared })),
    },
    jobs: shared,
    signal: interrupted.signal,
    output: process.stdout,
  }).finally(() => process.off("SIGINT", interrupt));
}

export function buildWatchCommand(): Command {
  return new Command("watch").addArgument(buildStackArgument()).action(async (stack: string) => {
    process.exitCode = await watchStack(stack);
  });
}
