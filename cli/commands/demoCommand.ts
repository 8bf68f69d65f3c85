import { resolve } from "node:path";
import { Command } from "commander";
import { execa } from "execa";
import { resolveCacheDirectory, checkoutDirectory } from "../../workspace/environment.ts";
import { readToolchain } from "../../workspace/toolchain.ts";
import { updateClusterStack, readClusterKubeconfig } from "../cluster/clusterStack.ts";
import { fetchClusterTimes } from "../kubernetes/clusterTimes.ts";
import { measureDiskGB } from "../demo/machineUsage.ts";
import type { DemoFigure } from "../demo/demoFigures.ts";
import { formatFigureLine, measureSeconds } from "../demo/demoFigures.ts";
import { computePeakMemoryGiB, sampleMemory } from "../demo/machineUsage.ts";
import { requireLocalHostSupport } from "../setup/machineRequirements.ts";
import { listMissingTasks } from "../setup/setupScope.ts";
import { runSetup } from "../setup/runSetup.ts";
import { submitStack } from "./stackCommands.ts";
import { reportStack } from "./reportCommand.ts";
import { watchStack } from "./watchCommand.ts";

const demoStack = "dev";

function printLine(line: string): void {
  console.log(line);
}

function buildSecondsFigure(what: string, value: number, aim: number): DemoFigure {
  return { label: what, value, unit: "s", aim };
}

/** A command as a user would give it, its start included. */
function measureCommand(...args: string[]): Promise<number> {
  return measureSeconds(() => execa(resolve(checkoutDirectory, "mixcpt"), args, { stdio: "ignore" }));
}

async function measureSetup(): Promise<DemoFigure> {
  const what = listMissingTasks("all").length > 0 ? "set-up" : "set-up, all there";
  return buildSecondsFigure(what, await measureSeconds(() => runSetup("all")), 40 * 60);
}

async function measureCluster(): Promise<DemoFigure[]> {
  printLine("\ncluster: two hosts of this machine, provisioned over SSH; their GPUs are emulated");
  const started = Date.now();
  const software = readToolchain();
  const whole = await measureSeconds(() => updateClusterStack(demoStack, software, printLine));
  const { nodesReady, controllersAvailable } = await fetchClusterTimes(readClusterKubeconfig(demoStack));
  const computeSecondsSinceStart = (time: Date | undefined): number => ((time?.getTime() ?? NaN) - started) / 1000;
  // a cluster that was there before was made at another time
  if (computeSecondsSinceStart(nodesReady) < 0) return [buildSecondsFigure("cluster, there already", whole, 150)];
  return [
    buildSecondsFigure("cluster: two nodes Ready after", computeSecondsSinceStart(nodesReady), 60),
    buildSecondsFigure("cluster: its controllers up after", computeSecondsSinceStart(controllersAvailable), 150),
    buildSecondsFigure("cluster: all of it, with the images", whole, 150),
  ];
}

/** @throws Error where cells failed */
async function measureMatrix(): Promise<DemoFigure[]> {
  printLine("\nmatrix: 12 cells of a tiny model family on real text");
  const started = Date.now();
  const up = await measureSeconds(() => submitStack(demoStack));
  const exitCode = await watchStack(demoStack);
  if (exitCode !== 0)
    throw new Error("the matrix is not done: what is listed above says why; ./mixcpt demo again goes on");
  await reportStack(demoStack, "report");
  return [
    buildSecondsFigure("up", up, 30),
    buildSecondsFigure("12 cells, from up to the report", (Date.now() - started) / 1000, 15 * 60),
  ];
}

async function measureRepeats(): Promise<DemoFigure[]> {
  printLine("\nonce more: what is there is not made again");
  return [
    buildSecondsFigure("set-up again", await measureCommand("setup"), 15),
    buildSecondsFigure("up again", await measureCommand("up", demoStack), 10),
  ];
}

async function runDemo(): Promise<void> {
  requireLocalHostSupport(); // before half an hour of set-up
  const stopSampling = sampleMemory();
  const figures = [
    await measureSetup(),
    ...(await measureCluster()),
    ...(await measureMatrix()),
    ...(await measureRepeats()),
  ];
  stopSampling();
  const memory: DemoFigure = {
    label: "memory of all of it, at its peak",
    value: computePeakMemoryGiB(),
    unit: "GiB",
    aim: 10,
  };
  const disk: DemoFigure = {
    label: "disk that stays: cache and checkout",
    value: await measureDiskGB([resolveCacheDirectory(), checkoutDirectory]),
    unit: "GB",
    aim: 20,
  };
  printLine("\nfigures");
  for (const figure of [...figures, memory, disk]) printLine(formatFigureLine(figure));
  printLine("\nnext: open report/index.html; ./mixcpt kubectl get pods -n mixcpt; ./mixcpt down ends the hosts");
}

export function buildDemoCommand(): Command {
  return new Command("demo").action(runDemo);
}
