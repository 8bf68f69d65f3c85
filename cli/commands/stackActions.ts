import type { PreviewOptions, Stack } from "@pulumi/pulumi/automation/index.js";
import { readToolchain } from "../../workspace/toolchain.ts";
import { createEventPrinter, extractResourceName, formatOperation } from "../engine/updateOutput.ts";
import { findStack, withPreviewStack } from "../engine/openStack.ts";
import type { OperationSummary, StackOperation } from "../engine/runOperation.ts";
import { runOperation } from "../engine/runOperation.ts";
import { renewCredentials } from "../engine/renewCredentials.ts";
import { refuseLockedStack } from "../engine/stackLocks.ts";
import { openExperimentsStack, openSubmittedStack } from "../engine/submittedStack.ts";
import { readClusterName } from "../engine/stackDeclarations.ts";
import { explainError } from "../explainError.ts";
import { checkStackFile } from "../plan/checkStackFile.ts";
import type { StackChanges } from "../runs/eachStack.ts";
import { formatStackTotals, operateStacks } from "../runs/eachStack.ts";
import { guardDestruction, guardSubmission, previewSubmission } from "../runs/guardStack.ts";
import { deleteFailedRuns } from "../runs/retryStack.ts";
import type { PreviewDocument } from "../runs/stackDocuments.ts";
import { buildUpDocument } from "../runs/stackDocuments.ts";
import { selectPulumiColor } from "../terminal/colors.ts";
import { refuseOtherImages } from "../runs/refuseOtherImages.ts";
import { confirmRemoval } from "../terminal/confirmRemoval.ts";
import type { LinePrinter } from "../terminal/printLine.ts";
import { printErrorLine, printLine } from "../terminal/printLine.ts";
import { selectStacks, splitRetryWords } from "./stackArgument.ts";

interface OpenedStack {
  readonly stack: string;
  readonly opened: Stack;
  readonly print?: LinePrinter;
}

async function runStackOperation(
  operation: StackOperation,
  { stack, opened, print = printLine }: OpenedStack,
): Promise<OperationSummary> {
  if (operation !== "up") await renewCredentials(opened);
  const summary = await runOperation(opened, operation, createEventPrinter(print));
  print(formatOperation(`${operation} ${stack}`, summary));
  return summary;
}

/** @throws Error if another command may be changing the stack */
function openForChanges(stack: string): Promise<Stack> {
  refuseLockedStack("mixcpt", stack);
  return openExperimentsStack(stack, readToolchain());
}

/**
 * Runs an operation on stacks, prints totals if there are several, and sets the exit code 1 if one of them failed.
 * @throws Error of the operation if there is one stack only
 */
async function operateAndSum(
  verb: string,
  stacks: readonly string[],
  operate: (stack: string) => Promise<StackChanges>,
): Promise<void> {
  const [only, ...others] = stacks;
  if (only !== undefined && others.length === 0) {
    await operate(only);
    return;
  }
  const results = await operateStacks(stacks, { operate, printError: printErrorLine });
  printLine(`\n${formatStackTotals(verb, results)}`);
  if (results.some(({ error }) => error !== undefined)) process.exitCode = 1;
}

interface SelectionFlags {
  readonly all?: boolean;
}

interface SubmitOptions {
  /** Ends active runs that the stack no longer describes, and goes ahead if a cluster cannot be asked. */
  readonly replaceRunning?: boolean;
  /** The same, by the name that `destroy` and `down` use. */
  readonly endRunning?: boolean;
}

/** @throws Error if the stack's file cannot be used, or if its cluster has the images of another commit */
async function checkSubmission(stack: string, print: LinePrinter): Promise<void> {
  checkStackFile(stack, print);
  await refuseOtherImages(stack);
}

/**
 * Submits a stack.
 * @throws Error that lists the active runs that it would end, unless an option allows that
 */
export async function submitStack(
  stack: string,
  { replaceRunning = false, endRunning = replaceRunning }: SubmitOptions = {},
  print: LinePrinter = printLine,
): Promise<OperationSummary> {
  await checkSubmission(stack, print);
  const opened = await openForChanges(stack);
  await guardSubmission(opened, { verb: "up", stack, target: readClusterName(stack), endRunning });
  return runStackOperation("up", { stack, opened, print });
}

interface UpFlags extends SubmitOptions, SelectionFlags {
  readonly json?: boolean;
}

export async function runUp(named: readonly string[], flags: UpFlags): Promise<void> {
  const stacks = selectStacks("up", named, flags);
  if (flags.json !== true) return operateAndSum("up", stacks, (stack) => submitStack(stack, flags));
  const results = await operateStacks(stacks, {
    operate: (stack) => submitStack(stack, flags, printErrorLine),
    printError: printErrorLine,
  });
  printLine(JSON.stringify(buildUpDocument(results), undefined, 2));
  if (results.some(({ error }) => error !== undefined)) process.exitCode = 1;
}

/**
 * Deletes permanently failed runs from the cluster and submits the stack again; trainings resume from their newest
 * checkpoint. Runs that were deleted by hand, or by an interrupted retry, are submitted again as well.
 * @throws Error that lists the runs it could not delete, after submitting the others
 */
async function retryStack(stack: string, cells: readonly string[]): Promise<OperationSummary> {
  await checkSubmission(stack, printLine);
  const opened = await openForChanges(stack);
  const kept = await deleteFailedRuns(opened, { stack, cells, print: printLine });
  await runStackOperation("refresh", { stack, opened });
  const summary = await runStackOperation("up", { stack, opened });
  if (kept.length > 0) throw new Error(["not retried, because deleting them failed:", ...kept].join("\n"));
  return summary;
}

export async function runRetry(words: readonly string[], flags: SelectionFlags): Promise<void> {
  const { stacks, cells } = splitRetryWords(words);
  await operateAndSum("retry", selectStacks("retry", stacks, flags), (stack) => retryStack(stack, cells));
}

/** Updates the state from the cluster. It deletes nothing there: a run that the cluster lacks is only forgotten. */
async function refreshStack(stack: string): Promise<OperationSummary> {
  refuseLockedStack("mixcpt", stack);
  return runStackOperation("refresh", { stack, opened: await openSubmittedStack(stack, readToolchain()) });
}

export async function runRefresh(named: readonly string[], flags: SelectionFlags): Promise<void> {
  await operateAndSum("refresh", selectStacks("refresh", named, flags), refreshStack);
}

interface DestroyFlags extends SelectionFlags {
  readonly yes?: boolean;
  readonly endRunning?: boolean;
}

/** Removes the objects of a stack from the clusters that its state records, after showing them and asking. */
async function destroyStack(stack: string, { yes = false, endRunning = false }: DestroyFlags): Promise<StackChanges> {
  refuseLockedStack("mixcpt", stack);
  const opened = await findStack("mixcpt", stack, readToolchain());
  if (opened === undefined) {
    printLine(`destroy ${stack}: it has submitted nothing`);
    return {};
  }
  const count = await guardDestruction(opened, { stack, endRunning, print: printLine });
  if (count > 0) await confirmRemoval({ command: `destroy ${stack}`, yes });
  return runStackOperation("destroy", { stack, opened });
}

/** Families go before the corpora that they wait for. */
export async function runDestroy(named: readonly string[], flags: DestroyFlags): Promise<void> {
  const stacks = selectStacks("destroy", named, flags).reverse();
  await operateAndSum("destroy", stacks, (stack) => destroyStack(stack, flags));
}

/** Previews a stack with the guards of `up`. A stack that does not exist yet is not left in the backend. */
function previewOpened(stack: string, options?: PreviewOptions) {
  return withPreviewStack({ project: "mixcpt", stack, toolchain: readToolchain() }, (opened) =>
    previewSubmission(opened, { stack, target: readClusterName(stack) }, options),
  );
}

/**
 * Prints the changes that `up` would make on the cluster.
 * @throws Error that lists the active runs that `up` would refuse to end
 */
export async function showStackPreview(stack: string, diff: boolean): Promise<void> {
  await checkSubmission(stack, printLine);
  const options: PreviewOptions = {
    onOutput: (text) => process.stdout.write(text),
    suppressProgress: false,
    diff,
    color: selectPulumiColor(process.stdout),
  };
  await previewOpened(stack, options);
}

type StackPreview = PreviewDocument["stacks"][number];

async function previewStack(stack: string): Promise<StackPreview> {
  try {
    await checkSubmission(stack, printErrorLine);
    const { created, deleted } = await previewOpened(stack);
    const deletedNames = deleted.map(({ urn }) => extractResourceName(urn));
    return { stack, outcome: "allowed", created: [...created], deleted: deletedNames, error: null };
  } catch (error) {
    return { stack, outcome: "refused", created: [], deleted: [], error: explainError(error) };
  }
}

/** Returns the changes that `up` would make to each stack; those that it would refuse are entries with the error. */
export async function previewStacks(stacks: readonly string[]): Promise<PreviewDocument> {
  const previews: StackPreview[] = [];
  for (const stack of stacks) previews.push(await previewStack(stack));
  return { stacks: previews };
}
