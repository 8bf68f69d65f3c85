import { resolve } from "node:path";
import { env } from "node:process";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { readToolchain, requireNodeSoftware } from "../../workspace/toolchain.ts";
import { checkNumericVariables } from "../numericVariables.ts";
import { runWithExitCode } from "../terminal/runWithExitCode.ts";

interface Benchmark {
  readonly name: string;
  readonly description: string;
  /** Its program in tests/bench. */
  readonly program: string;
  /** True if it starts an API server. */
  readonly needsToolchain?: true;
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
    needsToolchain: true,
  },
  {
    name: "admission",
    description: "the admission of 36, 360 and 3,600 cells, beside Kueue's own rate",
    program: "admissionBenchmark.ts",
    needsToolchain: true,
  },
  {
    name: "watch",
    description: "watch of 36 and 3,600 cells while nothing happens, beside lists",
    program: "watchBenchmark.ts",
    needsToolchain: true,
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

const numericVariables = {
  MIXCPT_BENCH_OBJECTS: "list",
  MIXCPT_BENCH_CELLS: "list",
  MIXCPT_BENCH_MINUTES: "number",
  MIXCPT_CHAOS_SEED: "number",
} as const;

/**
 * Runs benchmarks one after the other. Returns the exit code: the highest of theirs.
 * @throws Error before any of them if a variable is wrong or the toolchain is missing
 */
export async function runBenchmarks(selected: readonly Benchmark[]): Promise<number> {
  checkNumericVariables("bench", numericVariables, env);
  if (selected.some(({ needsToolchain }) => needsToolchain)) requireNodeSoftware(readToolchain());
  let exitCode = 0;
  for (const benchmark of selected) exitCode = Math.max(exitCode, await runBenchmark(benchmark));
  return exitCode;
}
