import { Command } from "commander";
import { readSoftware } from "../../infra/software.ts";
import { eventPrinter } from "../engine/events.ts";
import { openExperiments } from "../engine/experiments.ts";
import { summary } from "../engine/summary.ts";
import { stackArgument } from "./stackArgument.ts";

const print = (line: string): void => console.log(line);

/** What Pulumi does with a stack, under Pulumi's own names. */
type Verb = "up" | "refresh" | "destroy";

async function run(verb: Verb, stack: string): Promise<void> {
  const opened = await openExperiments(stack, readSoftware());
  const { summary: result } = await opened[verb]({ onEvent: eventPrinter(print), suppressProgress: true, parallel: 32 });
  print(summary(`${verb} ${stack}`, result));
}

const commandOf = (verb: Verb): Command => new Command(verb).addArgument(stackArgument()).action((stack: string) => run(verb, stack));

export const submit = (stack: string): Promise<void> => run("up", stack);

export const upCommand = (): Command => commandOf("up");
export const refreshCommand = (): Command => commandOf("refresh");
export const destroyCommand = (): Command => commandOf("destroy");

/** Shows what `up` would change on the cluster. */
export async function previewStack(stack: string, diff: boolean): Promise<void> {
  const opened = await openExperiments(stack, readSoftware());
  await opened.preview({ onOutput: (text) => process.stdout.write(text), diff, color: process.stdout.isTTY ? "auto" : "never" });
}
