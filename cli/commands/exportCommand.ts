import { Command, InvalidArgumentError } from "commander";
import type { ExportFlags } from "../export/exportFlags.ts";
import { buildStackArgument } from "./stackArgument.ts";

function parseStep(word: string): number {
  const step = Number(word);
  if (!(Number.isInteger(step) && step > 0)) throw new InvalidArgumentError("must be a whole number of at least 1");
  return step;
}

export function buildExportCommand(): Command {
  return new Command("export")
    .addArgument(buildStackArgument())
    .argument("<cell>", "a cell by its name or slug")
    .option("--step <number>", "the checkpoint of this step (default: the one with the cell's score)", parseStep)
    .option("--license <identifier>", "the license in the card, as the hub names it (default: the base model's)")
    .option("--push <owner/name>", "upload to this repository of the hub, by one commit")
    .option("--public", "with --push: make a new repository public (default: private)")
    .action(async (stack: string, cell: string, flags: ExportFlags) =>
      (await import("../export/exportCell.ts")).exportCell(stack, cell, flags),
    );
}
