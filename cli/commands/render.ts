import { resolve } from "node:path";
import { Command } from "commander";
import { renderedFiles } from "../render/files.ts";
import { writeFiles } from "../render/write.ts";
import { stackArguments } from "./stackArgument.ts";

function render(stacks: readonly string[], { out }: { out?: string }): void {
  const rendered = stacks.map((stack) => ({ stack, files: renderedFiles(stack) }));
  // a reader that has seen enough, like head, is no error
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? 0 : 1));
  for (const { stack, files } of rendered) {
    if (out === undefined) process.stdout.write([...files.values()].join(""));
    else writeFiles(resolve(out, stack), files);
  }
}

export const renderCommand = (): Command =>
  new Command("render")
    .addArgument(stackArguments())
    .option("--out <directory>", "write DIRECTORY/STACK/*.yaml instead of one stream of YAML documents")
    .action(render);
