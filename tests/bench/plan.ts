/**
 * Figures of `mixcpt plan`, each beside a bound that was measured in the same minute: `./mixcpt bench plan`.
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

function planned(stack: string, more: Record<string, unknown>): CellPlan[] {
  const values = { "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 }, "mixcpt:sequenceLength": 256, ...more };
  const config = stackConfig({ stack, file: stack, values });
  return sketchExperiment(config, gpuCluster).cells.map((cell) => planCell(cellFacts(cell, config)));
}

const published = (family: string): CellPlan[] => planned(family, { "mixcpt:family": family, "mixcpt:protocol": "as-published" });

/** One stack whose own categories and kinds of data make so many cells squared. */
function square(side: number): CellPlan[] {
  const numbers = Array.from({ length: side }, (_, index) => index);
  const category = (index: number): object => ({ title: "Zulu", training: ["zul_Latn"], tokens: { monolingual: { eng_Latn: 2e7, zul_Latn: 9e6 + 1000 * index } } });
  const categories = Object.fromEntries(numbers.map((index) => [`C${String(index)}`, category(index)]));
  const mixtures = Object.fromEntries(numbers.map((index) => [`D${String(index)}`, index % 2 === 0 ? ["monolingual"] : ["monolingual", "code"]]));
  const axes = { data: Object.keys(mixtures), categories: Object.keys(categories) };
  return planned("many", { "mixcpt:family": "viking", "mixcpt:protocol": "uniform", "mixcpt:categories": categories, "mixcpt:mixtures": mixtures, "mixcpt:axes": axes });
}

function manyCells(side: number): void {
  let text = "";
  const plan = milliseconds(() => {
    text = JSON.stringify(planDocument([planStack({ stack: "many", makes: { kind: "cells", family: "viking", protocol: "uniform" }, mixtures: [], nodes: 12, bases: [], open: [], cells: square(side) })]));
  });
  const document: unknown = JSON.parse(text);
  const bound = milliseconds(() => JSON.stringify(document));
  const count = side ** 2;
  console.log(`plan of ${String(count)} cells of one stack: ${(plan / 1000).toFixed(2)} s, ${(plan / count).toFixed(2)} ms a cell; writing its ${(text.length / 1e6).toFixed(1)} MB alone: ${(bound / 1000).toFixed(2)} s`);
}

function orders(): void {
  const tasks = families.flatMap(published).map(taskOf);
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
[10, 32, 100].forEach(manyCells);
orders();
