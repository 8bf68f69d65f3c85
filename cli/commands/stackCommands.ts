import { Command } from "commander";
import { addAllOption, addStackSelection } from "./stackArgument.ts";

/** Loads Pulumi only when a command runs: help, completion and a wrong name need a fraction of the time. */
function loadActions() {
  return import("./stackActions.ts");
}

export function buildUpCommand(): Command {
  return addStackSelection(new Command("up"))
    .option("--replace-running", "end active runs that the stack no longer describes, and submit what it describes now")
    .option("--end-running", "the same, by the name that destroy and down use")
    .option("--json", "print JSON for programs (docs/up.schema.json); everything else goes to standard error")
    .action(async (words: string[], flags: object) => (await loadActions()).runUp(words, flags));
}

export function buildRetryCommand(): Command {
  return addAllOption(
    new Command("retry").argument(
      "[stacks-or-cells...]",
      "stacks, or one stack and the names of its cells (default: all failed)",
    ),
  ).action(async (words: string[], flags: object) => (await loadActions()).runRetry(words, flags));
}

export function buildRefreshCommand(): Command {
  return addStackSelection(new Command("refresh")).action(async (words: string[], flags: object) =>
    (await loadActions()).runRefresh(words, flags),
  );
}

export function buildDestroyCommand(): Command {
  return addStackSelection(new Command("destroy"))
    .option("--yes", "do not ask; needed if there is no terminal to ask on")
    .option("--end-running", "end active trainings and evaluations, and go ahead if a cluster cannot be asked")
    .action(async (words: string[], flags: object) => (await loadActions()).runDestroy(words, flags));
}
