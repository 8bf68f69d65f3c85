/** Parts that all benchmarks share: each prints the load of the machine first, then medians, peers and bounds. */
import { cpus, loadavg } from "node:os";

export function computeMedian(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

export function measureMilliseconds(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

/** Milliseconds of work that waits for other processes. */
export async function measureWait(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Prints once a minute how far work is that takes long. */
export async function withProgress<Result>(
  describeProgress: () => Promise<string>,
  work: () => Promise<Result>,
): Promise<Result> {
  let minutes = 0;
  const printProgress = async (): Promise<void> => {
    const time = `${String(++minutes)} min`;
    console.log(`  after ${time}: ${await describeProgress()}`);
  };
  const timer = setInterval(() => void printProgress().catch(() => undefined), 60_000);
  return work().finally(() => clearInterval(timer));
}

export function formatSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

export function printMachine(): void {
  const load = loadavg().map((average) => average.toFixed(1));
  console.log(`${String(cpus().length)} cores, load ${load.join(" ")}, Node ${process.version}`);
}
