import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { formatKubectlPrefix } from "../kubernetes/formatKubectlPrefix.ts";
import { formatFailure } from "../watch/workloadFailure.ts";
import { deleteRuns, listFailedRuns, partitionFailedRuns, selectFailedRuns } from "./failedRuns.ts";
import type { FailedRun } from "./failedRuns.ts";
import { guardSubmission } from "./guardStack.ts";
import { deleteRun } from "./stackRuns.ts";
import { refuseMovedStack } from "./movedStack.ts";
import type { LinePrinter } from "../terminal/printLine.ts";
import { readClusterName } from "../engine/stackDeclarations.ts";

interface RetryRequest {
  readonly stack: string;
  readonly cells: readonly string[];
  readonly print: LinePrinter;
}

/** Selects the failed runs of the cells that the state records, after the guard of the `up` that follows. */
async function selectRunsToRetry(opened: Stack, { stack, cells, print }: RetryRequest): Promise<FailedRun[]> {
  const target = readClusterName(stack);
  const { clusters, recorded } = await guardSubmission(opened, { verb: "retry", stack, target, endRunning: false });
  refuseMovedStack(clusters, { verb: "retry", stack, target });
  const snapshot = clusters.find(({ name }) => name === target)?.reading.snapshot;
  if (snapshot === undefined) return [];
  const failed = listFailedRuns(stack, { snapshot, kubectlPrefix: formatKubectlPrefix(target) });
  const { own, foreign } = partitionFailedRuns(failed, recorded.runs);
  for (const { name, cell } of foreign)
    print(`  ${cell ?? name} has failed, but the state of this checkout does not record ${name}; it is left alone`);
  return selectFailedRuns(own, cells);
}

/**
 * Deletes permanently failed runs of a stack from its cluster.
 * @returns a line for each run that could not be deleted
 * @throws Error if the `up` that follows would end active runs: nothing is deleted then
 */
export async function deleteFailedRuns(opened: Stack, request: RetryRequest): Promise<string[]> {
  const { stack, print } = request;
  const failed = await selectRunsToRetry(opened, request);
  if (failed.length === 0) print(`${stack} has no failed runs; submitting what is missing on the cluster`);
  for (const { name, cell, failure } of failed) print(`  retrying ${cell ?? name}: ${formatFailure(failure)}`);
  return deleteRuns(failed, (run) => deleteRun(readClusterName(stack), run));
}
