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

export function formatSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

export function printMachine(): void {
  const load = loadavg().map((average) => average.toFixed(1));
  console.log(`${String(cpus().length)} cores, load ${load.join(" ")}, Node ${process.version}`);
}

/** Calls `work` for each item, with at most `limit` calls at a time. */
export async function runConcurrently<Item>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const queue = [...items];
  const runNext = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: limit }, runNext));
}
