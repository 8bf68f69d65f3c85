import { Argument, Command } from "commander";
import { readToolchain } from "../../workspace/toolchain.ts";
import { refuseOtherBackend, warnOtherBackend } from "../cluster/otherBackend.ts";
import { destroyClusterStack, removeLocalCluster, updateClusterStack } from "../cluster/clusterStack.ts";
import { refuseUnknownStack } from "../engine/stackDeclarations.ts";
import { formatDuration } from "../terminal/durationAndBar.ts";
import { formatCount } from "../terminal/formatList.ts";
import { printLine } from "../terminal/printLine.ts";

async function runClusterUp(stack: string): Promise<void> {
  refuseUnknownStack("mixcpt-infra", stack); // before the toolchain is needed
  const started = Date.now();
  await updateClusterStack(stack, readToolchain(), printLine);
  const elapsed = formatDuration((Date.now() - started) / 1000);
  printLine(`cluster ${stack} is up after ${elapsed}; try ./mixcpt kubectl --cluster ${stack} get nodes`);
}

async function runClusterDestroy(stack: string): Promise<void> {
  refuseUnknownStack("mixcpt-infra", stack);
  refuseOtherBackend(stack);
  warnOtherBackend(stack, printLine);
  await destroyClusterStack(stack, readToolchain(), printLine);
}

async function runClusterDown(stack: string): Promise<void> {
  const started = Date.now();
  const hosts = formatCount(await removeLocalCluster(stack), "local host");
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  printLine(`shut down ${hosts} of cluster ${stack} in ${seconds} s; the toolchain, the images and the store are kept`);
}

function buildClusterStackArgument(): Argument {
  return new Argument("[stack]", "a stack of infra/").default("dev");
}

export function buildClusterCommand(): Command {
  return new Command("cluster")
    .addCommand(
      new Command("up")
        .description("create or update the cluster of a stack of infra/")
        .addArgument(buildClusterStackArgument())
        .action(runClusterUp),
    )
    .addCommand(
      new Command("destroy")
        .description("remove the platform from a cluster, and Kubernetes from the machines it was installed on")
        .argument("<stack>", "a stack of infra/")
        .action(runClusterDestroy),
    );
}

export function buildDownCommand(): Command {
  return new Command("down").addArgument(buildClusterStackArgument()).action(runClusterDown);
}
