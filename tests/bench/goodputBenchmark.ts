/**
 * Benchmark of goodput under preemption: `./mixcpt bench goodput`. The 36 trainings of the study are simulated with
 * stops at random moments, seeded by MIXCPT_CHAOS_SEED. A stop comes without notice, so that no checkpoint is saved,
 * and loses what was computed since the last one; what it takes until the run continues is the same for all
 * intervals, and left out. The bound is the share of time that Young's and Daly's interval leaves to first order.
 * Durations and checkpoints are those that `plan` estimates.
 */
import { env } from "node:process";
import { computeYoungDalyInterval } from "../../jobs/estimate/checkpoints.ts";
import { estimateSavingSeconds, resolveStoreRate } from "../../jobs/estimate/index.ts";
import { planFamilyCells } from "../../jobs/plan/familyCells.fixture.ts";
import type { CellPlan } from "../../jobs/plan/index.ts";
import { printMachine } from "./measuring.ts";
import { createRandom } from "../support/random.ts";

const families = ["llama-2", "llama-3.1", "viking"];
const seed = Number(env["MIXCPT_CHAOS_SEED"] ?? 1);
/** Simulated runs of each training. */
const rounds = 50;

interface SimulatedRun {
  /** Seconds of training that the run needs without a stop. */
  readonly work: number;
  /** Seconds of training between two checkpoints. */
  readonly interval: number;
  readonly saving: number;
  readonly betweenStops: number;
}

/** Seconds until the run is done, with its stops. */
function simulateRun({ work, interval, saving, betweenStops }: SimulatedRun, random: () => number): number {
  const drawStop = (): number => -betweenStops * Math.log(1 - random());
  let [elapsed, saved, untilStop] = [0, 0, drawStop()];
  while (saved < work) {
    const piece = Math.min(interval, work - saved);
    const needed = piece + saving;
    if (needed <= untilStop) {
      [elapsed, saved, untilStop] = [elapsed + needed, saved + piece, untilStop - needed];
    } else {
      [elapsed, untilStop] = [elapsed + untilStop, drawStop()];
    }
  }
  return elapsed;
}

interface PlannedRun extends SimulatedRun {
  readonly best: number;
}

function describeRun({ estimate, trainedSteps, saveSteps }: CellPlan, betweenStops: number): PlannedRun {
  const interval = estimate.interval.actualSeconds;
  const saving = estimateSavingSeconds(estimate.checkpointBytes, resolveStoreRate());
  const work = (interval * trainedSteps) / Math.min(saveSteps, trainedSteps);
  const secondsPerStep = work / trainedSteps;
  const bestSteps = Math.max(1, Math.round(computeYoungDalyInterval(saving, betweenStops) / secondsPerStep));
  return { work, interval, saving, betweenStops, best: bestSteps * secondsPerStep };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The share of the runs' time that is useful work, over all runs and rounds. */
function computeGoodput(runs: readonly SimulatedRun[]): number {
  const random = createRandom(seed);
  const elapsed = runs.flatMap((run) => Array.from({ length: rounds }, () => simulateRun(run, random)));
  return (rounds * sum(runs.map(({ work }) => work))) / sum(elapsed);
}

/** First order: one save per interval, and half an interval of work lost per stop. */
function computeBound(runs: readonly SimulatedRun[]): number {
  const work = sum(runs.map((run) => run.work));
  const lost = sum(runs.map((run) => run.work * Math.sqrt((2 * run.saving) / run.betweenStops)));
  return 1 - lost / work;
}

function compareIntervals(hours: number): void {
  const cells = families.flatMap((family) => planFamilyCells(family, { "mixcpt:stopsEvery": hours }).cells);
  const runs = cells.map((cell) => describeRun(cell, 3600 * hours));
  const bound = computeBound(runs);
  const formatShare = (goodput: number): string =>
    `${(100 * goodput).toFixed(1)} % (${(goodput / bound).toFixed(3)} of the bound)`;
  const published = computeGoodput(runs);
  const proposed = computeGoodput(runs.map((run) => ({ ...run, interval: run.best })));
  console.log(
    `goodput of ${String(runs.length)} trainings with a stop every ${String(hours)} h: ` +
      `save_steps as published ${formatShare(published)}, as plan proposes ${formatShare(proposed)}; ` +
      `Young and Daly ${(100 * bound).toFixed(1)} %`,
  );
}

printMachine();
console.log(`seed ${String(seed)}`);
[6, 24].forEach(compareIntervals);
