import { Command } from "commander";
import { addStackSelection, selectStacks } from "./stackArgument.ts";

interface WatchFlags {
  readonly all?: boolean;
  readonly json?: boolean;
}

export function buildWatchCommand(): Command {
  return addStackSelection(new Command("watch"))
    .option("--json", "print a line of JSON for programs at each change (docs/watch.schema.json)")
    .action(async (named: string[], { json = false, ...selection }: WatchFlags) => {
      const stacks = selectStacks("watch", named, selection);
      const { watchStacks } = await import("./watchStacks.ts");
      process.exitCode = await watchStacks(stacks, { json });
    });
}
