import { resolve } from "node:path";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { runWithExitCode } from "../terminal/runWithExitCode.ts";

interface Benchmark {
  readonly name: string;
  readonly description: string;
  /** Its program in tests/bench. */
  readonly program: string;
}

/** The benchmarks of this machine, in the order in which they run together: each prints a peer and a bound. */
export const benchmarks: readonly Benchmark[] = [
  {
    name: "plan",
    description: "the plan of 36 and of 10,000 cells, and the order of submission beside an exact solver",
    program: "planBenchmark.ts",
  },
  {
    name: "up",
    description: "up of 36, 360 and 1,000 objects, and the bytes of its state, beside stock Pulumi and kubectl",
    program: "upBenchmark.ts",
  },
  {
    name: "admission",
    description: "the admission of 36, 360 and 3,600 cells, beside Kueue's own rate",
    program: "admissionBenchmark.ts",
  },
  {
    name: "watch",
    description: "watch of 36 and 3,600 cells while nothing happens, beside lists",
    program: "watchBenchmark.ts",
  },
  {
    name: "goodput",
    description: "the share of useful work under preemption, beside the optimum of Young and Daly",
    program: "goodputBenchmark.ts",
  },
];

async function runBenchmark({ program }: Benchmark): Promise<number> {
  const path = resolve(checkoutDirectory, "tests/bench", program);
  return runWithExitCode(process.execPath, ["--disable-warning=ExperimentalWarning", path], { cwd: checkoutDirectory });
}

/** Runs benchmarks one after the other. Returns the exit code: the highest of theirs. */
export async function runBenchmarks(selected: readonly Benchmark[]): Promise<number> {
  let exitCode = 0;
  for (const benchmark of selected) exitCode = Math.max(exitCode, await runBenchmark(benchmark));
  return exitCode;
}
