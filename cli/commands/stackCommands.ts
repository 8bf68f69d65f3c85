import { Command } from "commander";
import { readToolchain } from "../../workspace/toolchain.ts";
import { readClusterName } from "../cluster/dependentStacks.ts";
import { createEventPrinter } from "../engine/updateOutput.ts";
import { openExperimentsStack } from "../engine/submittedStack.ts";
import { formatUpdateSummary } from "../engine/updateOutput.ts";
import { checkStackFile } from "../plan/checkStackFile.ts";
import { loadStackConfig } from "../plan/loadStackConfig.ts";
import { listActiveTrainings } from "../runs/activeTrainings.ts";
import { deleteRun, readStackSnapshot } from "../runs/stackRuns.ts";
import { deleteRuns } from "../runs/failedRuns.ts";
import { selectFailedRuns, listFailedRuns } from "../runs/failedRuns.ts";
import { refuseReplacement, findReplacedTrainings } from "../runs/activeTrainings.ts";
import { formatFailure } from "../watch/workloadFailure.ts";
import { formatKubectlPrefix } from "../kubernetes/formatKubectlPrefix.ts";
import { buildStackArgument } from "./stackArgument.ts";

function printLine(line: string): void {
  console.log(line);
}

/** What Pulumi does with a stack, under Pulumi's own names. */
type StackOperation = "up" | "refresh" | "destroy";

async function runStackOperation(verb: StackOperation, stack: string): Promise<void> {
  const opened = await openExperimentsStack(stack, readToolchain());
  const { summary: result } = await opened[verb]({
    onEvent: createEventPrinter(printLine),
    suppressProgress: true,
    parallel: 32,
  });
  printLine(formatUpdateSummary(`${verb} ${stack}`, result));
}

interface UpOptions {
  /** End trainings that have begun and have other inputs now. */
  readonly replaceRunning?: boolean;
}

/**
 * Submits a stack.
 * @throws Error that lists the trainings that it would end, unless that is asked for
 */
export async function submitStack(stack: string, { replaceRunning = false }: UpOptions = {}): Promise<void> {
  checkStackFile(stack, printLine);
  if (!replaceRunning) await protectActiveTrainings(stack);
  await runStackOperation("up", stack);
}

async function protectActiveTrainings(stack: string): Promise<void> {
  const begun = listActiveTrainings(await readStackSnapshot(stack, { logs: false }), stack);
  if (begun.length > 0)
    refuseReplacement(await findReplacedTrainings(await openExperimentsStack(stack, readToolchain()), begun), stack);
}

/**
 * Takes what has failed for good off the cluster and submits it again; a training goes on from its newest checkpoint.
 * What an earlier retry deleted and did not come to submit, or somebody deleted by hand, is brought back, too.
 * @throws Error that lists what could not be deleted, once the rest is submitted
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
  if (failed.length === 0)
    printLine(`nothing of ${stack} has failed; what is missing on the cluster is submitted again`);
  for (const { name, cell, failure } of failed) printLine(`  again: ${cell ?? name}: ${formatFailure(failure)}`);
  const kept = await deleteRuns(failed, (one) => deleteRun(stack, one));
  await runStackOperation("refresh", stack);
  await submitStack(stack);
  if (kept.length > 0) throw new Error(["not taken up again, since it could not be deleted:", ...kept].join("\n"));
}

function buildStackCommand(verb: string, action: (stack: string) => Promise<void>): Command {
  return new Command(verb).addArgument(buildStackArgument()).action(action);
}

export function buildUpCommand(): Command {
  return new Command("up")
    .addArgument(buildStackArgument())
    .option("--replace-running", "end trainings that have begun and whose inputs are others now, and begin them anew")
    .action(submitStack);
}

export function buildRetryCommand(): Command {
  return new Command("retry")
    .addArgument(buildStackArgument())
    .argument("[cells...]", "cells by their names; without one, all that has failed")
    .action(retryStack);
}

export function buildRefreshCommand(): Command {
  return buildStackCommand("refresh", (stack) => runStackOperation("refresh", stack));
}

export function buildDestroyCommand(): Command {
  return buildStackCommand("destroy", (stack) => runStackOperation("destroy", stack));
}

/** Shows what `up` would change on the cluster. */
export async function showStackPreview(stack: string, diff: boolean): Promise<void> {
  checkStackFile(stack, printLine);
  const opened = await openExperimentsStack(stack, readToolchain());
  await opened.preview({
    onOutput: (text) => process.stdout.write(text),
    diff,
    color: process.stdout.isTTY ? "auto" : "never",
  });
}
