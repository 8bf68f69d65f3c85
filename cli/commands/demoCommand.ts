import { resolve } from "node:path";
import { Command } from "commander";
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
import { showStudy } from "../demo/studyOverview.ts";
import { explainError } from "../explainError.ts";
import { computePeakMemoryGiB, measureDiskGB, sampleMemory } from "../demo/machineUsage.ts";
import { listMissingTasks } from "../setup/setupScope.ts";
import { runSetup } from "../setup/runSetup.ts";
import { printLine } from "../terminal/printLine.ts";
import { submitStack } from "./stackActions.ts";
import { reportStack } from "./reportCommand.ts";
import { watchStacks } from "./watchStacks.ts";

const demoStack = "dev";

function buildSecondsFigure(label: string, value: number, aim: number): DemoFigure {
  return { label, value, unit: "s", aim };
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

async function measureSetup(): Promise<DemoFigure> {
  const label = listMissingTasks("all").length > 0 ? "setup" : "setup, already complete";
  return buildSecondsFigure(label, await measureSeconds(() => runSetup("all")), 25 * 60);
}

async function measureCluster(): Promise<DemoFigure[]> {
  printLine("\ncluster: two hosts on this machine, provisioned over SSH, with emulated GPUs");
  const started = Date.now();
  const toolchain = readToolchain();
  const total = await measureSeconds(() => updateClusterStack(demoStack, toolchain, { print: printLine, yes: false }));
  const { nodesReady, controllersAvailable } = await fetchClusterTimes(readClusterKubeconfig(demoStack));
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
async function measureMatrix(): Promise<DemoFigure[]> {
  printLine("\nmatrix: 12 cells of a tiny model family on real text");
  const started = Date.now();
  const up = await measureSeconds(() => submitStack(demoStack));
  const exitCode = await watchStacks([demoStack]);
  if (exitCode !== 0)
    throw new Error(
      "the matrix is incomplete: see the failures listed above, then run ./mixcpt demo again to continue",
    );
  await reportStack(demoStack);
  return [
    buildSecondsFigure("up", up, 30),
    buildSecondsFigure("12 cells, from up to report", (Date.now() - started) / 1000, 15 * 60),
  ];
}

async function measureRepeats(): Promise<DemoFigure[]> {
  printLine("\nrepeat: existing results are not built again");
  return [
    buildSecondsFigure("setup, repeated", await measureCommand("setup"), 15),
    buildSecondsFigure("up, repeated", await measureCommand("up", demoStack), 10),
  ];
}

async function runDemo(): Promise<void> {
  requireMachineForHosts(demoStack, readClusterConfig(demoStack)); // fails before half an hour of setup, not after it
  await printStudy();
  const stopSampling = sampleMemory();
  const figures = [
    await measureSetup(),
    ...(await measureCluster()),
    ...(await measureMatrix()),
    ...(await measureRepeats()),
  ];
  stopSampling();
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
  printLine("\nfigures");
  for (const figure of [...figures, memory, disk]) printLine(formatFigureLine(figure));
  printLine("\nnext: open report/index.html; ./mixcpt kubectl get pods -n mixcpt; ./mixcpt down shuts down the hosts");
}

export function buildDemoCommand(): Command {
  return new Command("demo").action(runDemo);
}
