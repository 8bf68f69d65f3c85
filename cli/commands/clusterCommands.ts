import { Argument, Command, Option } from "commander";
import { listKnownPrograms, readToolchain } from "../../workspace/toolchain.ts";
import { destroyClusterStack, previewClusterStack, updateClusterStack } from "../cluster/clusterStack.ts";
import { shutDownLocalCluster } from "../cluster/localCluster.ts";
import { refuseOtherBackend, warnOtherBackend } from "../cluster/otherBackend.ts";
import { readClusterConfig } from "../cluster/readClusterConfig.ts";
import type { QuarantineVerb } from "../cluster/quarantineRules.ts";
import { refuseUnknownStack } from "../engine/stackDeclarations.ts";
import { selectPulumiColor } from "../terminal/colors.ts";
import { formatDuration } from "../terminal/durationAndBar.ts";
import { formatCount } from "../terminal/formatList.ts";
import { printLine } from "../terminal/printLine.ts";
import { buildClusterKubeconfigCommand } from "./clusterKubeconfigCommand.ts";
import { buildClusterRenderCommand } from "./clusterRenderCommand.ts";
import { parseCount } from "./parseCount.ts";

const yesHelp = "do not ask; needed if there is no terminal to ask on";

async function runClusterUp(stack: string, { yes = false }: { yes?: boolean }): Promise<void> {
  const started = Date.now();
  await updateClusterStack(stack, readToolchain(), { print: printLine, yes });
  const elapsed = formatDuration((Date.now() - started) / 1000);
  const seen = readClusterConfig(stack).kind === "tenant" ? "pods" : "nodes"; // a tenant may not read nodes
  printLine(`cluster ${stack} is up after ${elapsed}; try ./mixcpt kubectl --cluster ${stack} get ${seen}`);
}

async function runClusterPreview(stack: string, { diff = false }: { diff?: boolean }): Promise<void> {
  await previewClusterStack(stack, readToolchain(), {
    print: printLine,
    onOutput: (text) => process.stdout.write(text),
    diff,
    color: selectPulumiColor(process.stdout),
  });
}

interface ClusterUpgradeFlags {
  readonly yes?: boolean;
  readonly evictTrainings?: boolean;
  readonly atOnce: number;
  readonly leaveOut?: readonly string[];
  readonly undo?: boolean;
}

async function runClusterUpgrade(
  stack: string,
  { yes = false, evictTrainings = false, atOnce, leaveOut = [], undo = false }: ClusterUpgradeFlags,
): Promise<void> {
  if (undo) {
    const { undoClusterUpgrade } = await import("../cluster/upgrade/undoUpgrade.ts");
    await undoClusterUpgrade(stack, { print: printLine, yes, leaveOut });
    return;
  }
  const { upgradeClusterStack } = await import("../cluster/upgrade/upgradeCluster.ts");
  await upgradeClusterStack(stack, readToolchain(), { print: printLine, yes, evictTrainings, atOnce, leaveOut });
}

function buildUpgradeCommand(): Command {
  return new Command("upgrade")
    .description("upgrade the Kubernetes of this project's machines by one minor; run again, it continues")
    .addArgument(buildClusterStackArgument())
    .option("--yes", yesHelp)
    .option(
      "--evict-trainings",
      "end trainings instead of waiting for them; each saves a checkpoint if that fits its grace",
    )
    .addOption(
      new Option("--at-once <count>", "nodes that are closed and upgraded at a time").argParser(parseCount).default(1),
    )
    .addOption(
      new Option(
        "--leave-out <node>",
        "a worker that keeps its version, such as one that is off; with --undo also one of three control planes; " +
          "may be repeated",
      ).argParser((name: string, earlier: readonly string[] = []) => [...earlier, name]),
    )
    .addOption(
      new Option("--undo", "bring back what machines and cluster had before the last upgrade").conflicts([
        "evictTrainings",
        "atOnce",
      ]),
    )
    .action(runClusterUpgrade);
}

interface ClusterDestroyFlags {
  readonly yes?: boolean;
  readonly unchecked?: boolean;
}

async function runClusterDestroy(
  stack: string,
  { yes = false, unchecked = false }: ClusterDestroyFlags,
): Promise<void> {
  refuseOtherBackend(stack);
  warnOtherBackend(stack, printLine);
  await destroyClusterStack(stack, readToolchain(), { print: printLine, yes, unchecked });
}

function buildQuarantineCommand(verb: QuarantineVerb, description: string): Command {
  return new Command(verb)
    .description(description)
    .addArgument(buildClusterStackArgument())
    .argument("<nodes...>", "names of nodes with GPUs")
    .action(async (cluster: string, nodes: string[]) => {
      await (await import("../cluster/quarantineNodes.ts")).changeQuarantine({ cluster, verb, nodes }, printLine);
    });
}

interface DownFlags {
  readonly yes?: boolean;
  readonly endRunning?: boolean;
}

async function runClusterDown(stack: string, { yes = false, endRunning = false }: DownFlags): Promise<void> {
  const started = Date.now();
  const software = { programs: [...listKnownPrograms()] };
  const hostCount = await shutDownLocalCluster(stack, { software, print: printLine, yes, endRunning });
  const hosts = formatCount(hostCount, "local host");
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  printLine(`shut down ${hosts} of cluster ${stack} in ${seconds} s; the toolchain, the images and the store are kept`);
}

/** Refuses an unknown name while the command line is read, before anything about the toolchain or the hosts. */
function parseClusterName(word: string): string {
  refuseUnknownStack("mixcpt-infra", word);
  return word;
}

export function buildClusterStackArgument(name = "<stack>"): Argument {
  return new Argument(name, "a stack of infra/").argParser(parseClusterName);
}

function buildDefaultClusterArgument(): Argument {
  return buildClusterStackArgument("[stack]").default("dev");
}

export function buildClusterCommand(): Command {
  return new Command("cluster")
    .addCommand(
      new Command("up")
        .description("create or update the cluster of a stack of infra/")
        .addArgument(buildDefaultClusterArgument())
        .option("--yes", `remove nodes that the stack's file no longer names, and flavors in use: ${yesHelp}`)
        .action(runClusterUp),
    )
    .addCommand(
      new Command("preview")
        .description("show what cluster up would change; fails where cluster up would refuse")
        .addArgument(buildDefaultClusterArgument())
        .option("--diff", "show the changed properties")
        .action(runClusterPreview),
    )
    .addCommand(
      new Command("destroy")
        .description("remove the platform from a cluster, and Kubernetes from the machines it was installed on")
        .addArgument(buildClusterStackArgument())
        .option("--yes", yesHelp)
        .option("--unchecked", "remove a cluster that cannot be asked what runs there")
        .action(runClusterDestroy),
    )
    .addCommand(buildUpgradeCommand())
    .addCommand(buildClusterRenderCommand(buildClusterStackArgument()))
    .addCommand(buildClusterKubeconfigCommand(buildClusterStackArgument()))
    .addCommand(buildQuarantineCommand("quarantine", "keep new work from broken nodes until they are released"))
    .addCommand(buildQuarantineCommand("release", "let work start again on nodes that were in quarantine"));
}

export function buildDownCommand(): Command {
  return new Command("down")
    .addArgument(buildDefaultClusterArgument())
    .option("--yes", yesHelp)
    .option("--end-running", "end unfinished work, and hosts that run but do not answer")
    .action(runClusterDown);
}
