import { Argument, Command } from "commander";
import type { StackConfig } from "../../jobs/config/index.ts";
import { listStackCells } from "../../jobs/config/index.ts";
import { completeWords } from "../completion/completeWords.ts";
import type { CompletedShell } from "../completion/shellScripts.ts";
import { completedShells, getShellScript } from "../completion/shellScripts.ts";
import { listOfferedStacks } from "../engine/stackDeclarations.ts";
import { listMixtureNames } from "../export/resolveDataExport.ts";
import { loadStackConfig } from "../plan/loadStackConfig.ts";
import { printLine } from "../terminal/printLine.ts";

/** Lists names in a stack's file; none if it is invalid, which is not said while somebody types. */
function listStackNames(stack: string, listNames: (config: StackConfig) => string[]): string[] {
  try {
    return listNames(loadStackConfig(stack));
  } catch {
    return [];
  }
}

/** The names of a stack's cells or models. */
function listCellNames(config: StackConfig): string[] {
  if (config.kind === "evaluation") return Object.keys(config.models);
  return config.kind === "family" ? listStackCells(config).map(({ id }) => id) : [];
}

export function buildCompletionCommand(): Command {
  return new Command("completion")
    .addArgument(new Argument("<shell>", "the shell to complete in").choices(completedShells))
    .action((shell: CompletedShell) => {
      process.stdout.write(getShellScript(shell));
    });
}

/** Builds the command that the shells' scripts call. It has no help: every word may be one that is being typed. */
export function buildCompleteCommand(): Command {
  return new Command("complete")
    .argument("[words...]")
    .allowUnknownOption()
    .helpOption(false)
    .action((words: string[], _options: unknown, { parent }: Command) => {
      const names = {
        listStacks: () => listOfferedStacks("mixcpt"),
        listClusters: () => listOfferedStacks("mixcpt-infra"),
        listCells: (stack: string) => listStackNames(stack, listCellNames),
        listMixtures: (stack: string) => listStackNames(stack, listMixtureNames),
      };
      if (parent !== null) for (const name of completeWords(parent, words, names)) printLine(name);
    });
}
