import type { Command } from "commander";
import { buildExplainCommand } from "./explainCommand.ts";
import { buildPreviewCommand } from "./previewCommand.ts";
import { buildReportCommand } from "./reportCommand.ts";
import { buildDestroyCommand, buildRefreshCommand, buildRetryCommand, buildUpCommand } from "./stackCommands.ts";
import { buildWatchCommand } from "./watchCommand.ts";

jest.mock("@kubernetes/client-node", () => ({}));
jest.mock("@kubernetes/client-node/dist/config.js", () => ({ KubeConfig: Object }));
jest.mock("log-update", () => ({}));
jest.mock("execa", () => ({}));
jest.mock("../../workspace/toolchain.ts", () => ({
  ...jest.requireActual<object>("../../workspace/toolchain.ts"),
  readToolchain: () => {
    throw new Error("the toolchain is missing");
  },
}));

const commands: Readonly<Record<string, () => Command>> = {
  up: buildUpCommand,
  retry: buildRetryCommand,
  refresh: buildRefreshCommand,
  destroy: buildDestroyCommand,
  watch: buildWatchCommand,
  explain: buildExplainCommand,
  preview: buildPreviewCommand,
  report: buildReportCommand,
};

const unknownStack = /^stack "vikng" is unknown; known: .*\(did you mean "viking"\?\); to add another, write/;

function parseWords(verb: string, words: string[]) {
  return commands[verb]?.().parseAsync(words, { from: "user" });
}

it.each(Object.keys(commands))(
  "%s rejects an unknown stack, with the nearest name, before the toolchain",
  async (verb) => {
    const words = verb === "explain" ? ["vikng", "a cell"] : ["vikng"];
    await expect(parseWords(verb, words)).rejects.toThrow(unknownStack);
  },
);

it.each(["preview", "report"])("%s rejects an unknown stack before it begins with a known one", async (verb) => {
  await expect(parseWords(verb, ["dev", "vikng"])).rejects.toThrow(unknownStack);
});
