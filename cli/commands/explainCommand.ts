import { Command } from "commander";
import { buildStackArgument } from "./stackArgument.ts";

export function buildExplainCommand(): Command {
  return new Command("explain")
    .addArgument(buildStackArgument())
    .argument("<cell>", "a cell or base model by its name or slug, or the name of a data job")
    .action(async (stack: string, word: string) => (await import("./explainCell.ts")).explainCell(stack, word));
}
