import { readFileSync } from "node:fs";

const every = 2000;
let peakKiB = 0;

/** Memory that is not free and not a cache, of the whole machine. */
function usedKiB(): number {
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(readFileSync("/proc/meminfo", "utf8"))?.[1] ?? 0);
  return field("MemTotal") - field("MemAvailable");
}

/** Notes the highest use above today's from now on. Returns how to stop. */
export function sampleMemory(): () => void {
  const before = usedKiB();
  const timer = setInterval(() => {
    peakKiB = Math.max(peakKiB, usedKiB() - before);
  }, every);
  timer.unref();
  return () => clearInterval(timer);
}

export const memoryPeakGiB = (): number => peakKiB / 1024 ** 2;
