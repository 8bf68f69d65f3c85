import { readToolchain } from "../../workspace/toolchain.ts";
import { readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { getNamespaceAccess } from "../kubernetes/snapshotReader.ts";
import { updateKubeconfig } from "../engine/clusterKubeconfig.ts";
import { readSubmittedStack } from "../engine/submittedStack.ts";
import { findStackValue, readClusterName } from "../engine/stackDeclarations.ts";
import { explainError } from "../explainError.ts";
import { printErrorLine } from "../terminal/printLine.ts";
import type { StackOnCluster } from "../watch/stackState.ts";
import { convertSubmittedStack } from "../watch/watchedStack.ts";
import { watchSubmittedStacks } from "../watch/watchSubmittedStacks.ts";

async function readStackOnCluster(stack: string): Promise<StackOnCluster> {
  const submitted = await readSubmittedStack(stack, readToolchain());
  const cluster = readClusterName(stack);
  await updateKubeconfig(cluster);
  const corpora = findStackValue(stack, "corpora");
  return {
    stack,
    cluster,
    ...(typeof corpora === "string" && { corpora }),
    submitted: convertSubmittedStack(submitted),
    jobs: submitted.shared,
  };
}

interface ReadStacks {
  readonly stacks: readonly StackOnCluster[];
  readonly errors: readonly unknown[];
}

/** Reads the stacks one after another, since Pulumi's work directory is shared. */
async function readStacks(names: readonly string[]): Promise<ReadStacks> {
  const stacks: StackOnCluster[] = [];
  const errors: unknown[] = [];
  for (const name of names) {
    try {
      stacks.push(await readStackOnCluster(name));
    } catch (error) {
      errors.push(error);
    }
  }
  return { stacks, errors };
}

/** Watches until everything has ended or Ctrl-C is pressed. */
async function watchUntilInterrupted(stacks: readonly StackOnCluster[], json: boolean): Promise<number> {
  const interrupted = new AbortController();
  const abortWatch = (): void => interrupted.abort();
  process.once("SIGINT", abortWatch);
  const names = [...new Set(stacks.map(({ cluster }) => cluster))];
  return watchSubmittedStacks({
    stacks,
    clusters: new Map(names.map((name) => [name, getNamespaceAccess(readClusterKubeconfig(name))])),
    json,
    signal: interrupted.signal,
    output: process.stdout,
  }).finally(() => process.off("SIGINT", abortWatch));
}

/**
 * Shows the progress of the cells or mixtures of stacks until they end or Ctrl-C is pressed. Stacks that cannot be
 * watched are reported and hold up no other.
 * @returns the exit code: 0 all done, 1 some failed or cannot be watched, 130 ended by Ctrl-C
 * @throws Error if none of the stacks can be watched
 */
export async function watchStacks(names: readonly string[], { json = false } = {}): Promise<number> {
  const { stacks, errors } = await readStacks(names);
  if (stacks.length === 0) throw new Error(errors.map(explainError).join("\n"));
  for (const error of errors) printErrorLine(explainError(error));
  return Math.max(errors.length > 0 ? 1 : 0, await watchUntilInterrupted(stacks, json));
}
