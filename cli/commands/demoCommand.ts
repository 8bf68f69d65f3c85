import { resolve } from "node:path";
import { Command, Option } from "commander";
import { execa } from "execa";
import { checkoutDirectory, resolveCacheDirectory } from "../../workspace/environment.ts";
import { readToolchain } from "../../workspace/toolchain.ts";
import { updateClusterStack } from "../cluster/clusterStack.ts";
import { requireMachineForHosts } from "../cluster/localCluster.ts";
import { readClusterConfig } from "../cluster/readClusterConfig.ts";
import { readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { fetchClusterTimes } from "../kubernetes/clusterTimes.ts";
import type { DemoFigure } from "../demo/demoFigures.ts";
import { formatFigureLine, measureSeconds } from "../demo/demoFigures.ts";
import { listFlagProblems } from "../demo/demoFlags.ts";
import type { DemoFlags, DemoTarget } from "../demo/demoTarget.ts";
import { showStudy } from "../demo/studyOverview.ts";
import { explainError } from "../explainError.ts";
import { computePeakMemoryGiB, measureDiskGB, sampleMemory } from "../demo/machineUsage.ts";
import { listMissingTasks } from "../setup/setupScope.ts";
import { runSetup } from "../setup/runSetup.ts";
import { printLine } from "../terminal/printLine.ts";
import { submitStack } from "./stackActions.ts";
import { reportStack } from "./reportCommand.ts";
import { watchStacks } from "./watchStacks.ts";

const localStack = "dev";

/** The demo on hosts of this machine. Fails before half an hour of setup, not after it. */
function planLocalDemo(): DemoTarget {
  requireMachineForHosts(localStack, readClusterConfig(localStack));
  return {
    stack: localStack,
    scope: "demo",
    title: "cluster: two hosts on this machine, provisioned over SSH, with emulated GPUs",
    prepare: () => Promise.resolve(),
    isLocal: true,
    next: "open report/index.html; ./mixcpt kubectl get pods -n mixcpt; ./mixcpt down shuts down the hosts",
  };
}

/** A figure of the demo, with its aim if the demo runs on hosts of this machine. */
function buildSecondsFigure(label: string, value: number, aim?: number): DemoFigure {
  return { label, value, unit: "s", ...(aim !== undefined && { aim }) };
}

/** Measures a command the way a user runs it, including the start of the program. */
function measureCommand(...args: string[]): Promise<number> {
  return measureSeconds(() => execa(resolve(checkoutDirectory, "mixcpt"), args, { stdio: "ignore" }));
}

/** Prints what the user can look at while setup goes on. A stack file that cannot be used ends no demo. */
async function printStudy(): Promise<void> {
  const lines = await showStudy().catch((error: unknown) => [`the study cannot be shown: ${explainError(error)}`]);
  for (const line of [...lines, ""]) printLine(line);
}

async function measureSetup({ scope, isLocal }: DemoTarget): Promise<DemoFigure> {
  const label = listMissingTasks(scope).length > 0 ? "setup" : "setup, already complete";
  return buildSecondsFigure(label, await measureSeconds(() => runSetup(scope)), isLocal ? 25 * 60 : undefined);
}

/** Brings the cluster up and returns the figures of it. */
async function measureCluster({ stack, title, prepare, isLocal }: DemoTarget): Promise<DemoFigure[]> {
  printLine(`\n${title}`);
  const preparation = await measureSeconds(prepare);
  const started = Date.now();
  const toolchain = readToolchain();
  const total = await measureSeconds(() => updateClusterStack(stack, toolchain, { print: printLine, yes: false }));
  if (isLocal) return measureHosts(started, total);
  return [buildSecondsFigure("images on their way", preparation), buildSecondsFigure("cluster up", total)];
}

async function measureHosts(started: number, total: number): Promise<DemoFigure[]> {
  const { nodesReady, controllersAvailable } = await fetchClusterTimes(readClusterKubeconfig(localStack));
  const computeSecondsSinceStart = (time: Date | undefined): number => ((time?.getTime() ?? NaN) - started) / 1000;
  // an existing cluster became ready before this run, so its times say nothing
  if (computeSecondsSinceStart(nodesReady) < 0) return [buildSecondsFigure("cluster, already up", total, 150)];
  return [
    buildSecondsFigure("cluster: until two nodes are Ready", computeSecondsSinceStart(nodesReady), 60),
    buildSecondsFigure("cluster: until its controllers are up", computeSecondsSinceStart(controllersAvailable), 150),
    buildSecondsFigure("cluster: in total, with the images", total, 150),
  ];
}

/** @throws Error if cells failed */
async function measureMatrix({ stack, isLocal }: DemoTarget): Promise<DemoFigure[]> {
  printLine("\nmatrix: cells of a tiny model family on real text");
  const started = Date.now();
  const up = await measureSeconds(() => submitStack(stack));
  const exitCode = await watchStacks([stack]);
  if (exitCode !== 0)
    throw new Error(
      "the matrix is incomplete: see the failures listed above, then run ./mixcpt demo again to continue",
    );
  await reportStack(stack);
  return [
    buildSecondsFigure("up", up, isLocal ? 30 : undefined),
    buildSecondsFigure("all cells, from up to report", (Date.now() - started) / 1000, isLocal ? 15 * 60 : undefined),
  ];
}

async function measureRepeats({ stack, scope, isLocal }: DemoTarget): Promise<DemoFigure[]> {
  printLine("\nrepeat: existing results are not built again");
  return [
    ...(isLocal ? [buildSecondsFigure("setup, repeated", await measureCommand("setup", scope), 15)] : []),
    buildSecondsFigure("up, repeated", await measureCommand("up", stack), isLocal ? 10 : undefined),
  ];
}

/** Measures the memory and the disk of this machine. */
async function measureMachine(): Promise<DemoFigure[]> {
  const memory: DemoFigure = {
    label: "peak memory of the whole demo",
    value: computePeakMemoryGiB(),
    unit: "GiB",
    aim: 10,
  };
  const disk: DemoFigure = {
    label: "disk used afterwards: cache and checkout",
    value: await measureDiskGB([resolveCacheDirectory(), checkoutDirectory]),
    unit: "GB",
    aim: 20,
  };
  return [memory, disk];
}

async function planDemo({ on, ...flags }: DemoFlags): Promise<DemoTarget> {
  if (on !== undefined) return (await import("../demo/clusterDemo.ts")).planClusterDemo({ on, ...flags });
  const problems = listFlagProblems(flags);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return planLocalDemo();
}

async function runDemo(flags: DemoFlags): Promise<void> {
  const target = await planDemo(flags);
  await printStudy();
  const stopSampling = target.isLocal ? sampleMemory() : () => undefined;
  const figures = [
    await measureSetup(target),
    ...(await measureCluster(target)),
    ...(await measureMatrix(target)),
    ...(await measureRepeats(target)),
  ];
  stopSampling();
  printLine("\nfigures");
  for (const figure of [...figures, ...(target.isLocal ? await measureMachine() : [])])
    printLine(formatFigureLine(figure));
  printLine(`\nnext: ${target.next}`);
}

export function buildDemoCommand(): Command {
  return new Command("demo")
    .addOption(
      new Option(
        "--on <cluster>",
        "run on a cluster that exists (docs/demo.md) instead of hosts of this machine",
      ).choices(["existing", "kind"]),
    )
    .option("--context <name>", "context of the kubeconfig (default: the current one)")
    .option("--registry <address>", "with --on existing: HOST[:PORT]/PATH to which the images are pushed")
    .option("--store <store>", "with --on: a directory that all nodes share, or class:NAME of a StorageClass")
    .option("--yes", "with --on: change the cluster without asking")
    .action(runDemo);
}
