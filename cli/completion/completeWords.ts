import type { Argument, Command, Option } from "commander";

/** The lists of names that arguments are completed with. */
interface CompletionNames {
  readonly listStacks: () => readonly string[];
  readonly listClusters: () => readonly string[];
  readonly listCells: (stack: string) => readonly string[];
  readonly listMixtures: (stack: string) => readonly string[];
}

interface CommandPosition {
  readonly command: Command;
  /** The words after the command, without the one that is being completed. */
  readonly words: readonly string[];
}

/** Follows the names of commands and subcommands. */
function descendCommands(command: Command, words: readonly string[]): CommandPosition {
  const [name, ...rest] = words;
  const subcommand = command.commands.find((one) => one.name() === name);
  return subcommand === undefined ? { command, words } : descendCommands(subcommand, rest);
}

function findOption({ options }: Command, word: string): Option | undefined {
  return options.find(({ long, short }) => word === long || word === short);
}

function takesValue(option: Option | undefined): option is Option {
  return option !== undefined && (option.required || option.optional);
}

/** Selects the words that are arguments: neither options nor their values. */
function listArgumentWords({ command, words }: CommandPosition): string[] {
  return words.filter(
    (word, index) => !word.startsWith("-") && !takesValue(findOption(command, words[index - 1] ?? "")),
  );
}

function findArgument({ registeredArguments }: Command, index: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[index] ?? (last?.variadic ? last : undefined);
}

function isClusterCommand(command: Command): boolean {
  const names = [command.parent?.name(), command.name()];
  return ["cluster", "down", "preflight"].some((name) => names.includes(name));
}

/** Lists the names that an argument may have, by the name that the argument has in the help text. */
function listArgumentNames(position: CommandPosition, names: CompletionNames): readonly string[] {
  const before = listArgumentWords(position);
  const argument = findArgument(position.command, before.length);
  const [stack = ""] = before;
  switch (argument?.name()) {
    case "stack":
    case "stacks":
      return isClusterCommand(position.command) ? names.listClusters() : names.listStacks();
    case "cell":
      return names.listCells(stack);
    case "cell-or-mixture":
      return [...names.listCells(stack), ...names.listMixtures(stack)];
    case "stacks-or-cells":
      return [...names.listStacks(), ...names.listCells(stack)];
    default:
      return argument?.argChoices ?? [];
  }
}

function listOptionNames(command: Command): string[] {
  const help = command.createHelp();
  return help.visibleOptions(command).flatMap(({ long }) => long ?? []);
}

function listCandidates(position: CommandPosition, current: string, names: CompletionNames): readonly string[] {
  const { command, words } = position;
  const option = findOption(command, words.at(-1) ?? "");
  if (takesValue(option)) return option.argChoices ?? [];
  if (current.startsWith("-")) return listOptionNames(command);
  if (command.commands.length > 0 && words.length > 0) return []; // no subcommand has this name
  if (command.commands.length > 0)
    return command
      .createHelp()
      .visibleCommands(command)
      .map((one) => one.name());
  return listArgumentNames(position, names);
}

/**
 * Lists the words that may stand in place of the last one, which may be empty. A path has no candidates: the shell
 * completes it.
 */
export function completeWords(program: Command, words: readonly string[], names: CompletionNames): string[] {
  const current = words.at(-1) ?? "";
  const position = descendCommands(program, words.slice(0, -1));
  const used = position.words;
  return listCandidates(position, current, names).filter((name) => name.startsWith(current) && !used.includes(name));
}
