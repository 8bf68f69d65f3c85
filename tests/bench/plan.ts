/**
 * Figures of `mixcpt plan`, each beside a bound that was measured in the same minute: `node tests/bench/plan.ts`.
 * Runs take turns (bound, plan, bound, …); medians are shown. What else the machine does is in the first line.
 */
import { execFileSync } from "node:child_process";
import { loadavg, cpus } from "node:os";
import { resolve } from "node:path";
import { sketchExperiment, stackConfig } from "../../jobs/experiment.ts";
import { gpuCluster } from "../../jobs/kube/outputs.fixture.ts";
import { exactMakespan } from "../../jobs/plan/exactMakespan.fixture.ts";
import type { CellPlan } from "../../jobs/plan/index.ts";
import { cellFacts, planCell, planDocument, planStack, taskOf } from "../../jobs/plan/index.ts";
import { lowerBoundHours, schedule } from "../../jobs/plan/schedule.ts";
import { submissionOrder } from "../../jobs/plan/submissionOrder.ts";

const families = ["llama-2", "llama-3.1", "viking"];
const repeats = 5;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function milliseconds(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

const node = (...args: string[]): void => void execFileSync(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], { stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1 << 30 });

function coldStart(): void {
  const runs = Array.from({ length: repeats }, () => ({
    bound: milliseconds(() => node("--input-type=module", "-e", "")),
    plan: milliseconds(() => node(resolve("cli/index.ts"), "plan", ...families, "--json")),
  }));
  const [bound, plan] = [median(runs.map((run) => run.bound)), median(runs.map((run) => run.plan))];
  console.log(`plan of 36 cells from a cold start: ${(plan / 1000).toFixed(2)} s; node alone: ${(bound / 1000).toFixed(2)} s`);
}

/** One stack like `viking`; its name makes its runs unlike those of the others. */
function planned(stack: string, family: string): CellPlan[] {
  const values = { "mixcpt:family": family, "mixcpt:protocol": "as-published", "mixcpt:sequenceLength": 256, "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 } };
  const config = stackConfig({ stack, file: stack, values });
  return sketchExperiment(config, gpuCluster).cells.map((cell) => planCell(cellFacts(cell, config)));
}

function manyCells(count: number): void {
  let text = "";
  const plan = milliseconds(() => {
    const cells = Array.from({ length: Math.ceil(count / 12) }, (_, index) => planned(`stack-${String(index)}`, "viking").map((cell) => ({ ...cell, id: `${cell.id}-${String(index)}` }))).flat();
    text = JSON.stringify(planDocument([planStack({ stack: "many", family: "viking", protocol: "as-published", nodes: 12, open: [], cells })]));
  });
  const document: unknown = JSON.parse(text);
  const bound = milliseconds(() => JSON.stringify(document));
  console.log(`plan of ${String(count)} cells: ${(plan / 1000).toFixed(2)} s, ${(plan / count).toFixed(2)} ms a cell; writing its ${(text.length / 1e6).toFixed(1)} MB alone: ${(bound / 1000).toFixed(2)} s`);
}

function orders(): void {
  const tasks = families.flatMap((family) => planned(family, family)).map(taskOf);
  for (const nodes of [4, 8, 12]) {
    const reached = schedule(submissionOrder(tasks, nodes), nodes).makespanHours;
    const longestFirst = schedule(tasks.toSorted((a, b) => b.hours - a.hours), nodes).makespanHours;
    const asListed = schedule(tasks.toSorted((a, b) => (a.id < b.id ? -1 : 1)), nodes).makespanHours;
    const exact = exactMakespan(tasks.map(({ hours }) => hours), nodes, { start: reached, budget: 20_000_000 });
    const bound = lowerBoundHours(tasks, nodes);
    const says = exact.proven ? "the optimum" : "the best that the exact solver found in its budget";
    const times = (hours: number): string => (hours / bound).toFixed(4);
    console.log(`36 cells on ${String(nodes)} nodes: ${reached.toFixed(2)} h = ${times(reached)} of the bound, ${(reached / exact.hours).toFixed(4)} of ${says}; longest first ${times(longestFirst)}, by name ${times(asListed)}`);
  }
}

console.log(`${String(cpus().length)} cores, load ${loadavg().map((load) => load.toFixed(1)).join(" ")}, Node ${process.version}`);
coldStart();
[100, 1000, 10_000].forEach(manyCells);
orders();
