import { resolve } from "node:path";
import { Command } from "commander";
import { callerDirectory } from "../../workspace/environment.ts";
import { renderStackFiles } from "../render/renderStackFiles.ts";
import { writeStackFiles } from "../render/writeStackFiles.ts";
import { buildStacksArgument } from "./stackArgument.ts";

export interface RenderFlags {
  readonly out?: string;
}

export const outOption = [
  "--out <directory>",
  "write DIRECTORY/STACK/*.yaml instead of one stream of YAML documents",
] as const;

/** Prints files, or writes them to a folder of the stack. */
export function outputFiles(stack: string, files: ReadonlyMap<string, string>, { out }: RenderFlags): void {
  if (out === undefined) process.stdout.write([...files.values()].join(""));
  else writeStackFiles(resolve(callerDirectory, out, stack), files);
}

function renderStacks(stacks: readonly string[], flags: RenderFlags): void {
  const rendered = stacks.map((stack) => ({ stack, files: renderStackFiles(stack) }));
  for (const { stack, files } of rendered) outputFiles(stack, files, flags);
}

export function buildRenderCommand(): Command {
  return new Command("render")
    .addArgument(buildStacksArgument())
    .option(...outOption)
    .action(renderStacks);
}
