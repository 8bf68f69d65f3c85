import { Command } from "commander";
import { readSoftware } from "../../infra/software.ts";
import { eventPrinter } from "../engine/events.ts";
import { openExperiments } from "../engine/experiments.ts";
import { summary } from "../engine/summary.ts";
import { stackArgument } from "./stackArgument.ts";

const print = (line: string): void => console.log(line);

export async function submit(stack: string): Promise<void> {
  const opened = await openExperiments(stack, readSoftware());
  const { summary: result } = await opened.up({ onEvent: eventPrinter(print), suppressProgress: true, parallel: 32 });
  print(summary(`up ${stack}`, result));
}

export const upCommand = (): Command =>
  new Command("up")
    .addArgument(stackArgument())
    .action(submit);

/** Shows what `up` would change on the cluster. */
export async function previewStack(stack: string, diff: boolean): Promise<void> {
  const opened = await openExperiments(stack, readSoftware());
  await opened.preview({ onOutput: (text) => process.stdout.write(text), diff, color: process.stdout.isTTY ? "auto" : "never" });
}

export const refreshCommand = (): Command =>
  new Command("refresh")
    .addArgument(stackArgument())
    .action(async (stack: string) => {
      const opened = await openExperiments(stack, readSoftware());
      const { summary: result } = await opened.refresh({ onEvent: eventPrinter(print), suppressProgress: true });
      print(summary(`refresh ${stack}`, result));
    });

export const destroyCommand = (): Command =>
  new Command("destroy")
    .addArgument(stackArgument())
    .action(async (stack: string) => {
      const opened = await openExperiments(stack, readSoftware());
      const { summary: result } = await opened.destroy({ onEvent: eventPrinter(print), suppressProgress: true, parallel: 32 });
      print(summary(`destroy ${stack}`, result));
    });
