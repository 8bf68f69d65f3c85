import { confirmChange } from "../terminal/confirmRemoval.ts";
import { printLine } from "../terminal/printLine.ts";
import type { DemoClusterChoices } from "./demoStackFiles.ts";

function describeControllers(controllers: DemoClusterChoices["controllers"]): string {
  return controllers === "installed"
    ? "those of the cluster, which stay unchanged"
    : "installed or updated at the published versions, for the whole cluster";
}

/**
 * Prints what the demo changes on a cluster that others may use, and asks.
 * @throws Error if the user does not confirm
 */
export async function confirmClusterChanges(
  choices: DemoClusterChoices,
  { command, yes }: { readonly command: string; readonly yes: boolean },
): Promise<void> {
  const { file, context, server, nodes, controllers } = choices;
  const lines = [
    `${command} changes the cluster at ${server}, context ${context} of ${file}:`,
    `  nodes that report emulated GPUs: ${nodes.join(", ")}`,
    `  Kueue, JobSet and Kubeflow Trainer: ${describeControllers(controllers)}`,
    "  the namespace mixcpt: queues, jobs and the store of the experiments",
  ];
  for (const line of lines) printLine(line);
  await confirmChange({ command, yes });
}
