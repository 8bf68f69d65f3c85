import { Command } from "commander";
import type { ExportFlags } from "../export/exportFlags.ts";
import { parseCount } from "./parseCount.ts";
import { buildStackArgument } from "./stackArgument.ts";

export function buildExportCommand(): Command {
  return new Command("export")
    .addArgument(buildStackArgument())
    .argument("<cell-or-mixture>", "a cell by its name or slug, or a mixture, like Bi+Code-Alt")
    .option("--step <number>", "the checkpoint of this step (default: the one with the cell's score)", parseCount)
    .option(
      "--license <identifier>",
      "the license in the card, as the hub names it (default: the base model's or the sources')",
    )
    .option("--push <owner/name>", "upload to this repository of the hub, by one commit")
    .option("--public", "with --push: make a new repository public (default: private)")
    .action(async (stack: string, name: string, flags: ExportFlags) =>
      (await import("../export/exportResult.ts")).exportResult(stack, name, flags),
    );
}
