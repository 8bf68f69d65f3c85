import { Command } from "commander";
import { clusterUp } from "../cluster/cluster.ts";
import { Figures } from "../demo/figures.ts";
import { setUp } from "../setup/setup.ts";
import { submit } from "./experiments.ts";
import { reportStack } from "./report.ts";
import { watchStack } from "./watch.ts";

const stack = "dev";

async function demo(): Promise<void> {
  const figures = new Figures();
  const software = await figures.time("set-up", () => setUp());
  console.log("\ncluster: two hosts of this machine, provisioned over SSH; their GPUs are emulated");
  await figures.time("cluster", () => clusterUp(stack, software, (line) => console.log(line)));
  console.log("\nmatrix: 12 cells of a tiny model family on real text");
  await figures.time("up", () => submit(stack));
  const exitCode = await figures.time("cells", () => watchStack(stack));
  if (exitCode !== 0) {
    process.exitCode = exitCode;
    return;
  }
  await figures.time("report", () => reportStack(stack, "report"));
  await figures.time("no-op up", () => submit(stack));
  figures.print();
  console.log("\nnext: open report/index.html; ./mixcpt kubectl get pods -n mixcpt; ./mixcpt down ends the hosts");
}

export const demoCommand = (): Command =>
  new Command("demo").action(demo);
