import { readFileSync } from "node:fs";
import { execa } from "execa";
import { getLastLine } from "../terminal/getLastLine.ts";

const sampleIntervalMs = 2000;
let peakMemoryKiB = 0;

/** Reads the memory in use on the whole machine, without caches, in KiB. */
function readUsedKiB(): number {
  const readMemoryField = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(readFileSync("/proc/meminfo", "utf8"))?.[1] ?? 0);
  return readMemoryField("MemTotal") - readMemoryField("MemAvailable");
}

/** Samples the peak memory use above the current use every two seconds. Returns a function that stops sampling. */
export function sampleMemory(): () => void {
  const baselineKiB = readUsedKiB();
  const timer = setInterval(() => {
    peakMemoryKiB = Math.max(peakMemoryKiB, readUsedKiB() - baselineKiB);
  }, sampleIntervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

export function computePeakMemoryGiB(): number {
  return peakMemoryKiB / 1024 ** 2;
}

/** Measures the disk usage of the directories in GB (10^9 bytes), without other file systems mounted inside them. */
export async function measureDiskGB(directories: readonly string[]): Promise<number> {
  const { stdout } = await execa(
    "du",
    ["--one-file-system", "--summarize", "--block-size=1", "--total", ...directories],
    { reject: false, stderr: "ignore" },
  );
  return Number(getLastLine(stdout).split("\t")[0] ?? NaN) / 1e9;
}
