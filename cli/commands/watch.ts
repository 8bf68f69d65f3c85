import { Command } from "commander";
import { readSoftware } from "../../infra/software.ts";
import { platform } from "../../jobs/kube/platform.ts";
import { readKubeconfig } from "../cluster/cluster.ts";
import { clusterOf } from "../cluster/experiments.ts";
import { submitted } from "../engine/experiments.ts";
import { watch } from "../watch/watch.ts";
import { stackArgument } from "./stackArgument.ts";

/** Shows the cells of a stack, or what a stack of corpora makes, until they are done, or until Ctrl-C. Returns the exit code. */
export async function watchStack(stack: string): Promise<number> {
  const { cells, bases, shared } = await submitted(stack, readSoftware());
  const interrupted = new AbortController();
  const cluster = clusterOf(stack);
  const interrupt = (): void => interrupted.abort();
  process.once("SIGINT", interrupt);
  return watch({
    kubeconfig: readKubeconfig(cluster),
    cluster,
    namespace: platform.namespace,
    stack,
    submitted: {
      cells: cells.map(({ id, names }) => ({ id, trainJob: names.train, evaluation: names.evaluate, dataJobs: [names.data, ...shared] })),
      bases: bases.map(({ id, names }) => ({ id, evaluation: names.evaluate, dataJobs: shared })),
    },
    jobs: shared,
    signal: interrupted.signal,
    output: process.stdout,
  }).finally(() => process.off("SIGINT", interrupt));
}

export const watchCommand = (): Command =>
  new Command("watch")
    .addArgument(stackArgument())
    .action(async (stack: string) => {
      process.exitCode = await watchStack(stack);
    });
