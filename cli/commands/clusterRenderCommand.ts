import type { Argument } from "commander";
import { Command } from "commander";
import type { RenderFlags } from "./renderCommand.ts";
import { outOption, outputFiles } from "./renderCommand.ts";

async function renderCluster(stack: string, flags: RenderFlags): Promise<void> {
  const { renderClusterFiles } = await import("../cluster/render/renderClusterFiles.ts");
  outputFiles(stack, await renderClusterFiles(stack), flags);
}

export function buildClusterRenderCommand(stack: Argument): Command {
  return new Command("render")
    .description("print the manifests that cluster up applies, in their order; needs no cluster")
    .addArgument(stack)
    .option(...outOption)
    .action(renderCluster);
}
