import { Command } from "commander";
import { readSoftware } from "../../infra/software.ts";
import { clusterOf } from "../cluster/experiments.ts";
import { eventPrinter } from "../engine/events.ts";
import { openExperiments } from "../engine/experiments.ts";
import { summary } from "../engine/summary.ts";
import { checkStackFile } from "../plan/checkStackFile.ts";
import { readAnyStackFile } from "../plan/stackFile.ts";
import { begunTrainings } from "../runs/begun.ts";
import { deleteRun, readRuns } from "../runs/cluster.ts";
import { deleteAll } from "../runs/deleteAll.ts";
import { chosen, failedRuns } from "../runs/failed.ts";
import { refuseReplaced, replacedBy } from "../runs/replaced.ts";
import { failureText } from "../watch/failure.ts";
import { kubectlOn } from "../watch/kubectl.ts";
import { stackArgument } from "./stackArgument.ts";

const print = (line: string): void => console.log(line);

/** What Pulumi does with a stack, under Pulumi's own names. */
type Verb = "up" | "refresh" | "destroy";

async function run(verb: Verb, stack: string): Promise<void> {
  const opened = await openExperiments(stack, readSoftware());
  const { summary: result } = await opened[verb]({ onEvent: eventPrinter(print), suppressProgress: true, parallel: 32 });
  print(summary(`${verb} ${stack}`, result));
}

interface UpOptions {
  /** End trainings that have begun and have other inputs now. */
  replaceRunning?: boolean;
}

/**
 * Submits a stack.
 * @throws Error that lists the trainings that it would end, unless that is asked for
 */
export async function submit(stack: string, { replaceRunning = false }: UpOptions = {}): Promise<void> {
  checkStackFile(stack, print);
  if (!replaceRunning) await keepRunning(stack);
  await run("up", stack);
}

async function keepRunning(stack: string): Promise<void> {
  const begun = begunTrainings(await readRuns(stack, { logs: false }), stack);
  if (begun.length > 0) refuseReplaced(await replacedBy(await openExperiments(stack, readSoftware()), begun), stack);
}

/**
 * Takes what has failed for good off the cluster and submits it again; a training goes on from its newest checkpoint.
 * What an earlier retry deleted and did not come to submit, or somebody deleted by hand, is brought back, too.
 * @throws Error that lists what could not be deleted, once the rest is submitted
 */
async function retry(stack: string, cells: readonly string[]): Promise<void> {
  readAnyStackFile(stack);
  const failed = chosen(failedRuns(await readRuns(stack, { logs: true }), { stack, kubectl: kubectlOn(clusterOf(stack)) }), cells);
  if (failed.length === 0) print(`nothing of ${stack} has failed; what is missing on the cluster is submitted again`);
  for (const { name, cell, failure } of failed) print(`  again: ${cell ?? name}: ${failureText(failure)}`);
  const kept = await deleteAll(failed, (one) => deleteRun(stack, one));
  await run("refresh", stack);
  await submit(stack);
  if (kept.length > 0) throw new Error(["not taken up again, since it could not be deleted:", ...kept].join("\n"));
}

const commandOf = (verb: string, action: (stack: string) => Promise<void>): Command => new Command(verb).addArgument(stackArgument()).action(action);

export const upCommand = (): Command =>
  new Command("up")
    .addArgument(stackArgument())
    .option("--replace-running", "end trainings that have begun and whose inputs are others now, and begin them anew")
    .action(submit);
export const retryCommand = (): Command =>
  new Command("retry").addArgument(stackArgument()).argument("[cells...]", "cells by their names; without one, all that has failed").action(retry);
export const refreshCommand = (): Command => commandOf("refresh", (stack) => run("refresh", stack));
export const destroyCommand = (): Command => commandOf("destroy", (stack) => run("destroy", stack));

/** Shows what `up` would change on the cluster. */
export async function previewStack(stack: string, diff: boolean): Promise<void> {
  checkStackFile(stack, print);
  const opened = await openExperiments(stack, readSoftware());
  await opened.preview({ onOutput: (text) => process.stdout.write(text), diff, color: process.stdout.isTTY ? "auto" : "never" });
}
