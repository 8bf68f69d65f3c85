import { readFileSync } from "node:fs";
import { execa } from "execa";

const sampleIntervalMs = 2000;
let peakMemoryKiB = 0;

/** Memory that is not free and not a cache, of the whole machine. */
function readUsedKiB(): number {
  const readMemoryField = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(readFileSync("/proc/meminfo", "utf8"))?.[1] ?? 0);
  return readMemoryField("MemTotal") - readMemoryField("MemAvailable");
}

/** Notes the highest use above today's from now on. Returns how to stop. */
export function sampleMemory(): () => void {
  const before = readUsedKiB();
  const timer = setInterval(() => {
    peakMemoryKiB = Math.max(peakMemoryKiB, readUsedKiB() - before);
  }, sampleIntervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

export function computePeakMemoryGiB(): number {
  return peakMemoryKiB / 1024 ** 2;
}

/** GB (10^9 bytes) that the directories hold on their own file systems; what is mounted inside them is not theirs. */
export async function measureDiskGB(directories: readonly string[]): Promise<number> {
  const { stdout } = await execa(
    "du",
    ["--one-file-system", "--summarize", "--block-size=1", "--total", ...directories],
    { reject: false, stderr: "ignore" },
  );
  return Number(stdout.trim().split("\n").at(-1)?.split("\t")[0] ?? NaN) / 1e9;
}
