import { Command } from "commander";
import { readToolchain } from "../../workspace/toolchain.ts";
import { refuseOtherBackend, warnOtherBackend } from "../cluster/otherBackend.ts";
import { destroyClusterStack, removeLocalCluster, updateClusterStack } from "../cluster/clusterStack.ts";
import { refuseUnknownStack } from "../engine/stackDeclarations.ts";
import { formatDuration } from "../terminal/durationAndBar.ts";

function printLine(line: string): void {
  console.log(line);
}

async function runClusterUp(stack: string): Promise<void> {
  refuseUnknownStack("mixcpt-infra", stack); // before the toolchain is asked for
  const started = Date.now();
  await updateClusterStack(stack, readToolchain(), printLine);
  printLine(
    `cluster ${stack} is up after ${formatDuration((Date.now() - started) / 1000)}; kubectl: ./mixcpt kubectl --cluster ${stack} get nodes`,
  );
}

async function runClusterDestroy(stack: string): Promise<void> {
  refuseUnknownStack("mixcpt-infra", stack);
  refuseOtherBackend(stack);
  warnOtherBackend(stack, printLine);
  await destroyClusterStack(stack, readToolchain(), printLine);
}

async function runClusterDown(stack: string): Promise<void> {
  const started = Date.now();
  const ended = await removeLocalCluster(stack);
  printLine(
    `${String(ended)} local hosts of cluster ${stack} ended in ${((Date.now() - started) / 1000).toFixed(1)} s; the toolchain, the images and the store stay`,
  );
}

export function buildClusterCommand(): Command {
  return new Command("cluster")
    .addCommand(
      new Command("up")
        .description("make the cluster of a stack of infra/")
        .argument("[stack]", "stack of infra/", "dev")
        .action(runClusterUp),
    )
    .addCommand(
      new Command("destroy")
        .description("take the platform off a cluster, and Kubernetes off the machines that it was put on")
        .argument("<stack>", "stack of infra/")
        .action(runClusterDestroy),
    );
}

export function buildDownCommand(): Command {
  return new Command("down").argument("[stack]", "stack of infra/", "dev").action(runClusterDown);
}
