import { Command, InvalidArgumentError, Option } from "commander";
import type { PreflightFlags } from "../preflight/preflightFlags.ts";
import { buildClusterStackArgument } from "./clusterCommands.ts";

const defaultWaitMinutes = 30;

function parseMinutes(word: string): number {
  const minutes = Number(word);
  if (!(minutes > 0)) throw new InvalidArgumentError("must be a number of minutes above 0");
  return minutes;
}

function parseNodes(word: string): string[] {
  const names = word.split(",").map((name) => name.trim());
  if (names.includes("")) throw new InvalidArgumentError("must be names of nodes, separated by commas");
  return names;
}

export function buildPreflightCommand(): Command {
  return new Command("preflight")
    .addArgument(buildClusterStackArgument())
    .option("--nodes <names>", "test only these nodes, separated by commas", parseNodes)
    .option("--all-pairs", "test every pair of nodes, in place of neighbors by name")
    .option("--wait <minutes>", "the longest wait for the devices of a node", parseMinutes, defaultWaitMinutes)
    .addOption(
      new Option("--uncordon", "release the nodes that preflight put into quarantine, and test nothing").conflicts([
        "nodes",
        "allPairs",
      ]),
    )
    .option("--json", "print JSON for programs (docs/preflight.schema.json)")
    .action(async (cluster: string, flags: PreflightFlags) => {
      process.exitCode = await (await import("./preflightAction.ts")).runPreflightCommand(cluster, flags);
    });
}
