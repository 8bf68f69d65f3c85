import { Command, Option } from "commander";
import { gpuModels } from "../../jobs/hardware/gpuCatalog.ts";
import { familyNames } from "../../jobs/matrix/index.ts";
import type { InitFlags } from "../init/initStack.ts";
import { parseCount } from "./parseCount.ts";

export function buildInitCommand(): Command {
  return (
    new Command("init")
      // not "stack", which completion fills with stacks that exist
      .argument("[new-stack]", "the name of the new stack")
      .addOption(new Option("--family <name>", "the model family (default: tiny)").choices(familyNames))
      .option("--vary <axes>", 'mixtures, seeds, SETTING=VALUE,VALUE, separated by spaces (default: "mixtures seeds")')
      .addOption(new Option("--gpu <model>", "the GPU (default: MI250X)").choices(gpuModels))
      .option("--devices <count>", "devices per node (default: 8; 2 for tiny)", parseCount)
      .option("--nodes <count>", "nodes per cell (default: 1)", parseCount)
      .option("--cluster <stack>", "the cluster (default: dev)")
      .option("--yes", "ask nothing; take the default of every flag that is missing")
      .action(async (stack: string | undefined, flags: InitFlags) =>
        (await import("../init/initStack.ts")).initStack(stack, flags),
      )
  );
}
