import { Command } from "commander";
import { readToolchain } from "../../workspace/toolchain.ts";
import { readClusterName } from "../cluster/dependentStacks.ts";
import { engineOptions } from "../engine/engineOptions.ts";
import { createEventPrinter, formatUpdateSummary } from "../engine/updateOutput.ts";
import { openExperimentsStack } from "../engine/submittedStack.ts";
import { formatKubectlPrefix } from "../kubernetes/formatKubectlPrefix.ts";
import { checkStackFile } from "../plan/checkStackFile.ts";
import { loadStackConfig } from "../plan/loadStackConfig.ts";
import { findReplacedTrainings, listActiveTrainings, refuseReplacement } from "../runs/activeTrainings.ts";
import { deleteRuns, listFailedRuns, selectFailedRuns } from "../runs/failedRuns.ts";
import { deleteRun, readStackSnapshot } from "../runs/stackRuns.ts";
import { printLine } from "../terminal/printLine.ts";
import { formatFailure } from "../watch/workloadFailure.ts";
import { buildStackArgument } from "./stackArgument.ts";

/** Pulumi's name of an operation on a stack. */
type StackOperation = "up" | "refresh" | "destroy";

async function runStackOperation(operation: StackOperation, stack: string): Promise<void> {
  const opened = await openExperimentsStack(stack, readToolchain());
  const { summary } = await opened[operation]({ ...engineOptions, onEvent: createEventPrinter(printLine) });
  printLine(formatUpdateSummary(`${operation} ${stack}`, summary));
}

interface UpOptions {
  /** Ends trainings that have begun and whose inputs have changed. */
  readonly replaceRunning?: boolean;
}

/**
 * Submits a stack.
 * @throws Error that lists the trainings it would end, unless `replaceRunning` is set
 */
export async function submitStack(stack: string, { replaceRunning = false }: UpOptions = {}): Promise<void> {
  checkStackFile(stack, printLine);
  if (!replaceRunning) await protectActiveTrainings(stack);
  await runStackOperation("up", stack);
}

async function protectActiveTrainings(stack: string): Promise<void> {
  const active = listActiveTrainings(await readStackSnapshot(stack, { logs: false }), stack);
  if (active.length === 0) return;
  refuseReplacement(await findReplacedTrainings(await openExperimentsStack(stack, readToolchain()), active), stack);
}

/**
 * Deletes permanently failed runs from the cluster and submits the stack again; trainings resume from their newest
 * checkpoint. Runs that were deleted by hand, or by an interrupted retry, are submitted again as well.
 * @throws Error that lists the runs it could not delete, after submitting the others
 */
async function retryStack(stack: string, cells: readonly string[]): Promise<void> {
  loadStackConfig(stack);
  const failed = selectFailedRuns(
    listFailedRuns(stack, {
      snapshot: await readStackSnapshot(stack, { logs: true }),
      kubectlPrefix: formatKubectlPrefix(readClusterName(stack)),
    }),
    cells,
  );
  if (failed.length === 0) printLine(`${stack} has no failed runs; submitting what is missing on the cluster`);
  for (const { name, cell, failure } of failed) printLine(`  retrying ${cell ?? name}: ${formatFailure(failure)}`);
  const kept = await deleteRuns(failed, (run) => deleteRun(stack, run));
  await runStackOperation("refresh", stack);
  await submitStack(stack);
  if (kept.length > 0) throw new Error(["not retried, because deleting them failed:", ...kept].join("\n"));
}

function buildOperationCommand(operation: StackOperation): Command {
  return new Command(operation)
    .addArgument(buildStackArgument())
    .action((stack: string) => runStackOperation(operation, stack));
}

export function buildUpCommand(): Command {
  return new Command("up")
    .addArgument(buildStackArgument())
    .option("--replace-running", "end trainings that have begun and whose inputs have changed, and start them again")
    .action(submitStack);
}

export function buildRetryCommand(): Command {
  return new Command("retry")
    .addArgument(buildStackArgument())
    .argument("[cells...]", "names of the cells to retry (default: all failed runs)")
    .action(retryStack);
}

export function buildRefreshCommand(): Command {
  return buildOperationCommand("refresh");
}

export function buildDestroyCommand(): Command {
  return buildOperationCommand("destroy");
}

/** Prints the changes that `up` would make on the cluster. */
export async function showStackPreview(stack: string, diff: boolean): Promise<void> {
  checkStackFile(stack, printLine);
  const opened = await openExperimentsStack(stack, readToolchain());
  await opened.preview({
    onOutput: (text) => process.stdout.write(text),
    diff,
    color: process.stdout.isTTY ? "auto" : "never",
  });
}
