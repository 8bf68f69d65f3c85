/**
 * Benchmarks of `mixcpt plan`, each with a bound measured in the same minute: `./mixcpt bench plan`. Measurements
 * alternate (bound, plan, bound, …) and their medians are printed. The first line shows the load of the machine.
 */
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { planFamilyCells, planStackCells } from "../../jobs/plan/familyCells.fixture.ts";
import type { CellPlan } from "../../jobs/plan/index.ts";
import { buildPlanDocument, buildStackPlan, listTrainingTasks } from "../../jobs/plan/index.ts";
import { solveExactMakespan } from "../../jobs/schedule/exactMakespan.fixture.ts";
import type { TrainingTask } from "../../jobs/schedule/schedule.ts";
import { computeLowerBoundHours, computeOccupiedHours, scheduleTasks } from "../../jobs/schedule/schedule.ts";
import { computeSubmissionOrder } from "../../jobs/schedule/submissionOrder.ts";
import { computeMedian, formatSeconds, measureMilliseconds, printMachine } from "./measuring.ts";

const families = ["llama-2", "llama-3.1", "viking"];
const repeats = 5;

function runNode(...args: string[]): void {
  void execFileSync(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 1 << 30,
  });
}

function measureColdStart(): void {
  const runs = Array.from({ length: repeats }, () => ({
    bound: measureMilliseconds(() => runNode("--input-type=module", "-e", "")),
    plan: measureMilliseconds(() => runNode(resolve("cli/index.ts"), "plan", ...families, "--json")),
  }));
  const [bound, plan] = [computeMedian(runs.map((run) => run.bound)), computeMedian(runs.map((run) => run.plan))];
  console.log(`plan of 36 cells from a cold start: ${formatSeconds(plan)}; node alone: ${formatSeconds(bound)}`);
}

/** Builds the cells of one stack with `side` categories and `side` kinds of data. */
function buildSquareMatrix(side: number): CellPlan[] {
  const numbers = Array.from({ length: side }, (_, index) => index);
  const buildCategory = (index: number): object => ({
    title: "Zulu",
    training: ["zul_Latn"],
    words: { monolingual: { eng_Latn: 2e7, zul_Latn: 9e6 + 1000 * index } },
  });
  const categories = Object.fromEntries(numbers.map((index) => [`C${String(index)}`, buildCategory(index)]));
  const mixtures = Object.fromEntries(
    numbers.map((index) => [`D${String(index)}`, index % 2 === 0 ? ["monolingual"] : ["monolingual", "code"]]),
  );
  const axes = { data: Object.keys(mixtures), categories: Object.keys(categories) };
  return planStackCells("many", {
    "mixcpt:family": "viking",
    "mixcpt:protocol": "uniform",
    "mixcpt:categories": categories,
    "mixcpt:mixtures": mixtures,
    "mixcpt:axes": axes,
  }).cells;
}

function renderSquarePlan(side: number): string {
  const plan = buildStackPlan({
    stack: "many",
    product: { kind: "cells", family: "viking", protocol: "uniform" },
    mixtures: [],
    nodes: 12,
    bases: [],
    openFindings: [],
    cells: buildSquareMatrix(side),
  });
  return JSON.stringify(buildPlanDocument([plan]));
}

function measureManyCells(side: number): void {
  let text = "";
  const plan = measureMilliseconds(() => {
    text = renderSquarePlan(side);
  });
  const document: unknown = JSON.parse(text);
  const bound = measureMilliseconds(() => JSON.stringify(document));
  const count = side ** 2;
  const perCell = `${(plan / count).toFixed(2)} ms per cell`;
  const size = `${(text.length / 1e6).toFixed(1)} MB`;
  console.log(
    `plan of ${String(count)} cells of one stack: ${formatSeconds(plan)}, ${perCell}; ` +
      `serializing its ${size} alone: ${formatSeconds(bound)}`,
  );
}

function compareOrders(tasks: readonly TrainingTask[], nodes: number): void {
  const computeHours = (order: readonly TrainingTask[]): number => scheduleTasks(order, nodes).makespanHours;
  const reached = computeHours(computeSubmissionOrder(tasks, nodes));
  const longestFirst = computeHours(tasks.toSorted((a, b) => b.hours - a.hours));
  const byName = computeHours(tasks.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
  const exact = solveExactMakespan(tasks.map(computeOccupiedHours), nodes, { start: reached, budget: 20_000_000 });
  const bound = computeLowerBoundHours(tasks, nodes);
  const formatRatio = (hours: number): string => (hours / bound).toFixed(4);
  const reference = exact.proven ? "the optimum" : "the best makespan that the exact solver found in its budget";
  console.log(
    `${String(tasks.length)} cells on ${String(nodes)} nodes: ${reached.toFixed(2)} h = ` +
      `${formatRatio(reached)} of the bound, ${(reached / exact.hours).toFixed(4)} of ${reference}; ` +
      `longest first ${formatRatio(longestFirst)}, by name ${formatRatio(byName)}`,
  );
}

printMachine();
measureColdStart();
[10, 32, 100].forEach(measureManyCells);
const publishedTasks = families.flatMap((family) => listTrainingTasks(planFamilyCells(family).cells));
[4, 8, 12].forEach((nodes) => compareOrders(publishedTasks, nodes));
