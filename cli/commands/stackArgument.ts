import type { Command } from "commander";
import { Argument } from "commander";
import {
  findStackValue,
  listDeclaredStacks,
  listOfferedStacks,
  refuseUnknownStack,
  sortByDependency,
} from "../engine/stackDeclarations.ts";

function listOfferedNames(): string {
  return listOfferedStacks("mixcpt").join(", ");
}

function parseStackName(word: string): string {
  refuseUnknownStack("mixcpt", word);
  return word;
}

/**
 * The argument of commands that take one experiments stack. An unknown name is refused while the command line is read,
 * before a missing toolchain or cluster could be reported instead.
 */
export function buildStackArgument(): Argument {
  return new Argument("<stack>", `an experiments stack: ${listOfferedNames()}`).argParser(parseStackName);
}

/** The argument of commands that take one or more experiments stacks. */
export function buildStacksArgument(): Argument {
  return new Argument("<stacks...>", `experiments stacks: ${listOfferedNames()}`);
}

const allHelp = "all stacks except miniatures, in the order of their dependencies";

export function addAllOption(command: Command): Command {
  return command.option("--all", allHelp);
}

/** Gives a command the argument `[stacks...]` and the option `--all`, of which `selectStacks` makes a list. */
export function addStackSelection(command: Command): Command {
  const stacks = new Argument("[stacks...]", `experiments stacks: ${listOfferedNames()}`);
  return addAllOption(
    command.addArgument(
      stacks.argParser((word, before: string[] | undefined) => [...(before ?? []), parseStackName(word)]),
    ),
  );
}

/** The stacks of `--all`. Those of the demo and of the tests are miniatures, which nobody wants beside the study. */
function listAllStacks(): string[] {
  return listDeclaredStacks("mixcpt").filter((stack) => findStackValue(stack, "protocol") !== "miniature");
}

/**
 * Lists the stacks that a command names or selects with `--all`, each once and in the order of their dependencies.
 * @throws Error if there are none, or if both ways are used
 */
export function selectStacks(verb: string, stacks: readonly string[], { all = false }: { all?: boolean }): string[] {
  if (all && stacks.length > 0)
    throw new Error(`--all: cannot be combined with the stacks ${stacks.join(", ")}; leave one of them out`);
  if (!all && stacks.length === 0)
    throw new Error(`${verb}: no stack was named; name some of ${listOfferedNames()}, or use --all`);
  return sortByDependency(all ? listAllStacks() : [...new Set(stacks)]);
}

/**
 * Divides the words of `retry`: stacks come first, and what is not the name of a stack is a cell of the only one.
 * @throws Error for an unknown stack, and for cells of several stacks
 */
export function splitRetryWords(words: readonly string[]): { stacks: readonly string[]; cells: readonly string[] } {
  const declared = listDeclaredStacks("mixcpt");
  const firstCell = words.findIndex((word) => !declared.includes(word));
  const [stacks, cells] = firstCell < 0 ? [words, []] : [words.slice(0, firstCell), words.slice(firstCell)];
  if (cells[0] !== undefined && stacks.length === 0) refuseUnknownStack("mixcpt", cells[0]);
  if (cells.length > 0 && stacks.length > 1)
    throw new Error(
      `retry: ${cells.join(", ")} after the stacks ${stacks.join(", ")}; ` +
        "name the cells of one stack, or several stacks without cells",
    );
  return { stacks, cells };
}
