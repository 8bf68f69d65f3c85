import { resolve } from "node:path";
import { Command } from "commander";
import { callerDirectory } from "../../workspace/environment.ts";
import { renderStackFiles } from "../render/renderStackFiles.ts";
import { writeStackFiles } from "../render/writeStackFiles.ts";
import { buildStacksArgument } from "./stackArgument.ts";

function renderStacks(stacks: readonly string[], { out }: { out?: string }): void {
  const rendered = stacks.map((stack) => ({ stack, files: renderStackFiles(stack) }));
  for (const { stack, files } of rendered) {
    if (out === undefined) process.stdout.write([...files.values()].join(""));
    else writeStackFiles(resolve(callerDirectory, out, stack), files);
  }
}

export function buildRenderCommand(): Command {
  return new Command("render")
    .addArgument(buildStacksArgument())
    .option("--out <directory>", "write DIRECTORY/STACK/*.yaml instead of one stream of YAML documents")
    .action(renderStacks);
}
