import { Command } from "commander";
import { buildStackArgument } from "./stackArgument.ts";

export function buildAdoptCommand(): Command {
  return new Command("adopt")
    .addArgument(buildStackArgument())
    .requiredOption("--store <folder>", "the store, mounted on this machine")
    .option("--yes", "do not ask; needed if there is no terminal to ask on")
    .option("--same-device", "runs that do not record their model of GPU ran on that of the stack's file")
    .action(async (stack: string, options: { store: string; yes?: boolean; sameDevice?: boolean }) =>
      (await import("../adopt/adoptStack.ts")).runAdopt(stack, options),
    );
}
