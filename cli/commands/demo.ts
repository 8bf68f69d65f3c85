import { resolve } from "node:path";
import { Command } from "commander";
import { execa } from "execa";
import { cacheDirectory, checkout } from "../../infra/environment.ts";
import { readSoftware } from "../../infra/software.ts";
import { clusterUp, readKubeconfig } from "../cluster/cluster.ts";
import { clusterTimes } from "../demo/clusterTimes.ts";
import { diskGB } from "../demo/disk.ts";
import type { Figure } from "../demo/figures.ts";
import { figureLine, seconds } from "../demo/figures.ts";
import { memoryPeakGiB, sampleMemory } from "../demo/memory.ts";
import { refuseLocalHosts } from "../setup/machine.ts";
import { missingSteps } from "../setup/scope.ts";
import { setUp } from "../setup/setup.ts";
import { submit } from "./experiments.ts";
import { reportStack } from "./report.ts";
import { watchStack } from "./watch.ts";

const stack = "dev";
const print = (line: string): void => console.log(line);
const second = (what: string, value: number, aim: number): Figure => ({ what, value, unit: "s", aim });

/** A command as a user would give it, its start included. */
const command = (...args: string[]): Promise<number> => seconds(() => execa(resolve(checkout, "mixcpt"), args, { stdio: "ignore" }));

async function setUpFigure(): Promise<Figure> {
  const what = missingSteps("all").length > 0 ? "set-up" : "set-up, all there";
  return second(what, await seconds(() => setUp("all")), 40 * 60);
}

async function clusterFigures(): Promise<Figure[]> {
  print("\ncluster: two hosts of this machine, provisioned over SSH; their GPUs are emulated");
  const started = Date.now();
  const software = readSoftware();
  const whole = await seconds(() => clusterUp(stack, software, print));
  const { nodesReady, controllersAvailable } = await clusterTimes(readKubeconfig(stack));
  const since = (time: Date | undefined): number => ((time?.getTime() ?? NaN) - started) / 1000;
  // a cluster that was there before was made at another time
  if (since(nodesReady) < 0) return [second("cluster, there already", whole, 150)];
  return [
    second("cluster: two nodes Ready after", since(nodesReady), 60),
    second("cluster: its controllers up after", since(controllersAvailable), 150),
    second("cluster: all of it, with the images", whole, 150),
  ];
}

/** @throws Error where cells failed */
async function matrixFigures(): Promise<Figure[]> {
  print("\nmatrix: 12 cells of a tiny model family on real text");
  const started = Date.now();
  const up = await seconds(() => submit(stack));
  const exitCode = await watchStack(stack);
  if (exitCode !== 0) throw new Error("the matrix is not done: what is listed above says why; ./mixcpt demo again goes on");
  await reportStack(stack, "report");
  return [second("up", up, 30), second("12 cells, from up to the report", (Date.now() - started) / 1000, 15 * 60)];
}

async function repeatedFigures(): Promise<Figure[]> {
  print("\nonce more: what is there is not made again");
  return [second("set-up again", await command("setup"), 15), second("up again", await command("up", stack), 10)];
}

async function demo(): Promise<void> {
  refuseLocalHosts(); // before half an hour of set-up
  const stopSampling = sampleMemory();
  const figures = [await setUpFigure(), ...(await clusterFigures()), ...(await matrixFigures()), ...(await repeatedFigures())];
  stopSampling();
  const memory: Figure = { what: "memory of all of it, at its peak", value: memoryPeakGiB(), unit: "GiB", aim: 10 };
  const disk: Figure = { what: "disk that stays: cache and checkout", value: await diskGB([cacheDirectory(), checkout]), unit: "GB", aim: 20 };
  print("\nfigures");
  for (const figure of [...figures, memory, disk]) print(figureLine(figure));
  print("\nnext: open report/index.html; ./mixcpt kubectl get pods -n mixcpt; ./mixcpt down ends the hosts");
}

export const demoCommand = (): Command =>
  new Command("demo").action(demo);
