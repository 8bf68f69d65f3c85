import { Command } from "commander";
import type { PreviewOptions, Stack } from "@pulumi/pulumi/automation/index.js";
import { readToolchain } from "../../workspace/toolchain.ts";
import { readClusterName } from "../cluster/dependentStacks.ts";
import { engineOptions } from "../engine/engineOptions.ts";
import { renewCredentials } from "../engine/renewCredentials.ts";
import { refuseLockedStack } from "../engine/stackLocks.ts";
import { createEventPrinter, formatUpdateSummary } from "../engine/updateOutput.ts";
import { findStack, withPreviewStack } from "../engine/openStack.ts";
import { openExperimentsStack, openSubmittedStack } from "../engine/submittedStack.ts";
import { checkStackFile } from "../plan/checkStackFile.ts";
import { guardDestruction, guardSubmission, previewSubmission } from "../runs/guardStack.ts";
import { deleteFailedRuns } from "../runs/retryStack.ts";
import { confirmRemoval } from "../terminal/confirmRemoval.ts";
import { printLine } from "../terminal/printLine.ts";
import { buildStackArgument } from "./stackArgument.ts";

/** Pulumi's name of an operation on a stack. */
type StackOperation = "up" | "refresh" | "destroy";

async function runStackOperation(operation: StackOperation, stack: string, opened: Stack): Promise<void> {
  if (operation !== "up") await renewCredentials(opened);
  const { summary } = await opened[operation]({ ...engineOptions, onEvent: createEventPrinter(printLine) });
  printLine(formatUpdateSummary(`${operation} ${stack}`, summary));
}

/** @throws Error if another command may be changing the stack */
function openForChanges(stack: string): Promise<Stack> {
  refuseLockedStack("mixcpt", stack);
  return openExperimentsStack(stack, readToolchain());
}

interface UpOptions {
  /** Ends active runs that the stack no longer describes, and goes ahead if a cluster cannot be asked. */
  readonly replaceRunning?: boolean;
  /** The same, by the name that `destroy` and `down` use. */
  readonly endRunning?: boolean;
}

/**
 * Submits a stack.
 * @throws Error that lists the active runs that it would end, unless an option allows that
 */
export async function submitStack(
  stack: string,
  { replaceRunning = false, endRunning = replaceRunning }: UpOptions = {},
): Promise<void> {
  checkStackFile(stack, printLine);
  const opened = await openForChanges(stack);
  await guardSubmission(opened, { verb: "up", stack, target: readClusterName(stack), endRunning });
  await runStackOperation("up", stack, opened);
}

/**
 * Deletes permanently failed runs from the cluster and submits the stack again; trainings resume from their newest
 * checkpoint. Runs that were deleted by hand, or by an interrupted retry, are submitted again as well.
 * @throws Error that lists the runs it could not delete, after submitting the others
 */
async function retryStack(stack: string, cells: readonly string[]): Promise<void> {
  checkStackFile(stack, printLine);
  const opened = await openForChanges(stack);
  const kept = await deleteFailedRuns(opened, { stack, cells, print: printLine });
  await runStackOperation("refresh", stack, opened);
  await runStackOperation("up", stack, opened);
  if (kept.length > 0) throw new Error(["not retried, because deleting them failed:", ...kept].join("\n"));
}

/** Updates the state from the cluster. It deletes nothing there: a run that the cluster lacks is only forgotten. */
async function refreshStack(stack: string): Promise<void> {
  refuseLockedStack("mixcpt", stack);
  await runStackOperation("refresh", stack, await openSubmittedStack(stack, readToolchain()));
}

interface DestroyOptions {
  readonly yes?: boolean;
  readonly endRunning?: boolean;
}

/** Removes the objects of a stack from the clusters that its state records, after showing them and asking. */
async function destroyStack(stack: string, { yes = false, endRunning = false }: DestroyOptions): Promise<void> {
  refuseLockedStack("mixcpt", stack);
  const opened = await findStack("mixcpt", stack, readToolchain());
  if (opened === undefined) return printLine(`destroy ${stack}: it has submitted nothing`);
  const count = await guardDestruction(opened, { stack, endRunning, print: printLine });
  if (count > 0) await confirmRemoval({ command: `destroy ${stack}`, yes });
  await runStackOperation("destroy", stack, opened);
}

export function buildUpCommand(): Command {
  return new Command("up")
    .addArgument(buildStackArgument())
    .option("--replace-running", "end active runs that the stack no longer describes, and submit what it describes now")
    .option("--end-running", "the same, by the name that destroy and down use")
    .action(submitStack);
}

export function buildRetryCommand(): Command {
  return new Command("retry")
    .addArgument(buildStackArgument())
    .argument("[cells...]", "names of the cells to retry (default: all failed runs)")
    .action(retryStack);
}

export function buildRefreshCommand(): Command {
  return new Command("refresh").addArgument(buildStackArgument()).action(refreshStack);
}

export function buildDestroyCommand(): Command {
  return new Command("destroy")
    .addArgument(buildStackArgument())
    .option("--yes", "do not ask; needed if there is no terminal to ask on")
    .option("--end-running", "end active trainings and evaluations, and go ahead if a cluster cannot be asked")
    .action(destroyStack);
}

/**
 * Prints the changes that `up` would make on the cluster.
 * @throws Error that lists the active runs that `up` would refuse to end
 */
export async function showStackPreview(stack: string, diff: boolean): Promise<void> {
  checkStackFile(stack, printLine);
  const options: PreviewOptions = {
    onOutput: (text) => process.stdout.write(text),
    suppressProgress: false,
    diff,
    color: process.stdout.isTTY ? "auto" : "never",
  };
  await withPreviewStack({ project: "mixcpt", stack, toolchain: readToolchain() }, (opened) =>
    previewSubmission(opened, { stack, target: readClusterName(stack) }, options),
  );
}
