import { Argument, Command, Option } from "commander";
import { buildExportCommand } from "../commands/exportCommand.ts";
import { buildInitCommand } from "../commands/initCommand.ts";
import { buildRetryCommand, buildUpCommand } from "../commands/stackCommands.ts";
import { completeWords } from "./completeWords.ts";

const program = new Command("mixcpt")
  .addCommand(buildUpCommand())
  .addCommand(buildRetryCommand())
  .addCommand(buildInitCommand())
  .addCommand(buildExportCommand())
  .addCommand(new Command("setup").addArgument(new Argument("[scope]").choices(["all", "client"])))
  .addCommand(new Command("complete"), { hidden: true })
  .addCommand(
    new Command("cluster").addCommand(
      new Command("up").addArgument(new Argument("[stack]")).addOption(new Option("--kind <kind>").choices(["a", "b"])),
    ),
  );

const names = {
  listStacks: () => ["viking", "llama-2"],
  listClusters: () => ["dev", "lumi"],
  listCells: (stack: string) => (stack === "viking" ? ["V7-Bi-Sel", "V7-Bi-Alt"] : []),
  listMixtures: () => ["Bi-Sel"],
};

function complete(...words: string[]): string[] {
  return completeWords(program, words, names);
}

describe("the words that may come next", () => {
  it.each([
    ["a command, but not the hidden one", ["c"], ["cluster"]],
    ["a subcommand", ["cluster", ""], ["up", "help"]],
    ["a flag", ["up", "viking", "--re"], ["--replace-running"]],
    ["stacks, each once", ["up", "viking", ""], ["llama-2"]],
    ["a stack after a flag without a value", ["up", "--json", "v"], ["viking"]],
    ["a cluster", ["cluster", "up", "l"], ["lumi"]],
    ["a cluster after a flag with a value", ["cluster", "up", "--kind", "a", "d"], ["dev"]],
    ["the value of a flag", ["cluster", "up", "--kind", ""], ["a", "b"]],
    ["a cell of the stack", ["retry", "viking", "V7-Bi-S"], ["V7-Bi-Sel"]],
    ["a cell or a mixture of the stack", ["export", "viking", ""], ["V7-Bi-Sel", "V7-Bi-Alt", "Bi-Sel"]],
    ["no stack that exists for a new one", ["init", ""], []],
    ["the families of a new stack", ["init", "--family", "l"], ["llama-2", "llama-3.1"]],
    ["a choice", ["setup", ""], ["all", "client"]],
    ["nothing after the last argument", ["setup", "all", ""], []],
    ["nothing after an unknown command", ["nowhere", ""], []],
  ])("are %s", (_, words, expected) => {
    expect(complete(...words)).toEqual(expected);
  });
});
