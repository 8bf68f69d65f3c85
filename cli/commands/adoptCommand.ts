import { Command } from "commander";
import { buildStackArgument } from "./stackArgument.ts";

export function buildAdoptCommand(): Command {
  return new Command("adopt")
    .addArgument(buildStackArgument())
    .requiredOption("--store <folder>", "the store, mounted on this machine")
    .option("--yes", "do not ask; needed if there is no terminal to ask on")
    .action(async (stack: string, options: { store: string; yes?: boolean }) =>
      (await import("../adopt/adoptStack.ts")).runAdopt(stack, options),
    );
}
