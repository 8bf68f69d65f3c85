import { Command } from "commander";
import { readSoftware } from "../../infra/software.ts";
import { refuseOtherBackend, tellUnseen } from "../cluster/backend.ts";
import { clusterDestroy, clusterDown, clusterUp } from "../cluster/cluster.ts";
import { refuseUnknownStack } from "../engine/declared.ts";
import { clock } from "../terminal/clock.ts";

const print = (line: string): void => console.log(line);

async function up(stack: string): Promise<void> {
  refuseUnknownStack("mixcpt-infra", stack); // before the toolchain is asked for
  const started = Date.now();
  await clusterUp(stack, readSoftware(), print);
  print(`cluster ${stack} is up after ${clock((Date.now() - started) / 1000)}; kubectl: ./mixcpt kubectl --cluster ${stack} get nodes`);
}

async function destroy(stack: string): Promise<void> {
  refuseUnknownStack("mixcpt-infra", stack);
  refuseOtherBackend(stack);
  tellUnseen(stack, print);
  await clusterDestroy(stack, readSoftware(), print);
}

async function down(stack: string): Promise<void> {
  const started = Date.now();
  const ended = await clusterDown(stack);
  print(`${String(ended)} local hosts of cluster ${stack} ended in ${((Date.now() - started) / 1000).toFixed(1)} s; the toolchain, the images and the store stay`);
}

export const clusterCommand = (): Command =>
  new Command("cluster")
    .addCommand(new Command("up").description("make the cluster of a stack of infra/").argument("[stack]", "stack of infra/", "dev").action(up))
    .addCommand(
      new Command("destroy")
        .description("take the platform off a cluster, and Kubernetes off the machines that it was put on")
        .argument("<stack>", "stack of infra/")
        .action(destroy),
    );

export const downCommand = (): Command =>
  new Command("down")
    .argument("[stack]", "stack of infra/", "dev")
    .action(down);
