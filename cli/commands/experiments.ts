import { Command } from "commander";
import { readSoftware } from "../../infra/software.ts";
import { eventPrinter } from "../engine/events.ts";
import { openExperiments } from "../engine/experiments.ts";
import { summary } from "../engine/summary.ts";
import { readAnyStackFile } from "../plan/stackFile.ts";
import { stackArgument } from "./stackArgument.ts";

const print = (line: string): void => console.log(line);

/** What Pulumi does with a stack, under Pulumi's own names. */
type Verb = "up" | "refresh" | "destroy";

async function run(verb: Verb, stack: string): Promise<void> {
  const opened = await openExperiments(stack, readSoftware());
  const { summary: result } = await opened[verb]({ onEvent: eventPrinter(print), suppressProgress: true, parallel: 32 });
  print(summary(`${verb} ${stack}`, result));
}

/** Submits a stack. What is wrong with its file is told before the engine starts. */
export async function submit(stack: string): Promise<void> {
  readAnyStackFile(stack);
  await run("up", stack);
}

const commandOf = (verb: Verb, action: (stack: string) => Promise<void>): Command => new Command(verb).addArgument(stackArgument()).action(action);

export const upCommand = (): Command => commandOf("up", submit);
export const refreshCommand = (): Command => commandOf("refresh", (stack) => run("refresh", stack));
export const destroyCommand = (): Command => commandOf("destroy", (stack) => run("destroy", stack));

/** Shows what `up` would change on the cluster. */
export async function previewStack(stack: string, diff: boolean): Promise<void> {
  readAnyStackFile(stack);
  const opened = await openExperiments(stack, readSoftware());
  await opened.preview({ onOutput: (text) => process.stdout.write(text), diff, color: process.stdout.isTTY ? "auto" : "never" });
}
